/** Rules that look at one Vim script: layout, functions and their names, and what each kind of file must begin with. */
import { isHarness, type Finding, type Script } from './script.js';

const WIDTH = 140;
const MOST_LINES = 250;
const MOST_FUNCTION_LINES = 60;

/** :nnoremap, :cunmap and the like, also in commands that are executed. */
const MAPPING = /(?:^\s*|['"| ])[nvxsoitlc]?(?:nore|un)?map!? +<|map <buffer>/;

/** What plugin/ may consist of. It says what exists, and runs at every start of the editor. */
const DECLARATION = /^(if|elseif|else|endif|finish|scriptencoding|augroup|autocmd!?|command!?|[nvxsoitlc]?(nore)?map!?|highlight!?)$/;
/** The variable that keeps a file from being loaded twice. */
const GUARDS: Record<string, RegExp> = { plugin: /^g:loaded_\w+$/, ftplugin: /^b:did_ftplugin$/, syntax: /^b:current_syntax$/ };

const folder = (script: Script): string => script.name.split('/')[0] ?? '';

/** No tab, no trailing blank, no long line, no long file. */
export function layout({ lines }: Script): Finding[] {
  const problems: Finding[] = [];
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    if (/\s$/.test(text)) problems.push({ line, message: 'white space at the end' });
    if (text.includes('\t')) problems.push({ line, message: 'a tab' });
    const width = Array.from(text).length;
    if (width > WIDTH) problems.push({ line, message: `${width} characters, ${WIDTH} at most` });
  }
  if (lines.length > MOST_LINES) problems.push({ line: lines.length, message: `${lines.length} lines, ${MOST_LINES} at most` });
  return problems;
}

/** A function fits on a screen. */
export function functionLength({ functions }: Script): Finding[] {
  return functions
    .map(({ name, line, end }) => ({ line, name, length: end - line + 1 }))
    .filter(({ length }) => length > MOST_FUNCTION_LINES)
    .map(({ line, name, length }) => ({ line, message: `${name}() has ${length} lines, ${MOST_FUNCTION_LINES} at most` }));
}

/** `function!` so that a file can be sourced again, `abort` so that an error ends the function. */
export function functionHead({ lines, functions }: Script): Finding[] {
  const problems: Finding[] = [];
  for (const { name, line, attributes } of functions) {
    if (!/^\s*function!\s/.test(lines[line - 1] ?? '')) problems.push({ line, message: `${name}() is to be defined by "function!"` });
    if (!/\babort\b/.test(attributes)) problems.push({ line, message: `${name}() lacks "abort"` });
  }
  return problems;
}

/** Each function has exactly one `endfunction`. At one too many, the editor stops reading the script, and lacks the rest. */
export function functionEnd({ lines, statements, functions }: Script): Finding[] {
  const isEnd = (text: string): boolean => /^\s*endf\w*\s*$/.test(text);
  const many = statements.filter(({ text, inside }) => !inside && isEnd(text)).map(({ line }) => ({ line, message: 'ends no function' }));
  const few = functions
    .filter(({ end }, index) => end >= (functions[index + 1]?.line ?? Infinity) || !isEnd(lines[end - 1] ?? ''))
    .map(({ name, line }) => ({ line, message: `${name}() is not ended` }));
  return [...many, ...few];
}

/** Autoload functions are named after their file, script-local ones s:lower_snake. Tests may have global ones. */
export function functionName(script: Script): Finding[] {
  const local = /^s:[a-z][a-z0-9_]*$/;
  const autoload = /^autoload\/(.*)\.vim$/.exec(script.name)?.[1]?.replaceAll('/', '#');
  const other = autoload ? new RegExp(`^${autoload}#[a-z][a-z0-9_]*$`) : isHarness(script.name) ? /^[A-Z][A-Za-z0-9]*$/ : local;
  const expected = autoload ? `${autoload}#lower_snake or ` : '';
  return script.functions
    .filter(({ name }) => !local.test(name) && !other.test(name))
    .map(({ name, line }) => ({ line, message: `${name}() is to be called ${expected}s:lower_snake` }));
}

/** The line above a function of autoload/ says what it takes and gives. */
export function docstring(script: Script): Finding[] {
  if (folder(script) !== 'autoload') return [];
  return script.functions
    .filter(({ name, line }) => name.includes('#') && !/^"/.test(script.lines[line - 2] ?? ''))
    .map(({ name, line }) => ({ line, message: `${name}() lacks a comment right above` }));
}

/** `scriptencoding` only holds for what follows it, so it comes first. */
export function encoding({ statements }: Script): Finding[] {
  const first = statements[0];
  return first?.text === 'scriptencoding utf-8'
    ? []
    : [{ line: first?.line ?? 1, message: 'the first command is not "scriptencoding utf-8"' }];
}

const SAVE_CPO = 'let s:cpo = &cpoptions | set cpoptions&vim';
const RESTORE_CPO = 'let &cpoptions = s:cpo | unlet s:cpo';
const BEFORE_CPO = /^\s*(?:scriptencoding utf-8|if exists\('[gb]:\w+'\)|finish|endif)$/;

/** A script is read with Vim's own 'cpoptions', whatever the user's are (:h use-cpo-save), and leaves them as they were. */
export function cpoSave({ name, lines, statements }: Script): Finding[] {
  if (isHarness(name)) return [];
  const saved = statements.find(({ text }) => !BEFORE_CPO.test(text));
  if (saved?.text !== SAVE_CPO) return [{ line: saved?.line ?? 1, message: `"${SAVE_CPO}" is to stand before all that does something` }];
  return statements.at(-1)?.text === RESTORE_CPO ? [] : [{ line: lines.length, message: `the last command is not "${RESTORE_CPO}"` }];
}

/** A function runs with the user's 'cpoptions'. So its maps need <special> to know keys by their names. */
export function keyNames({ name, statements }: Script): Finding[] {
  if (isHarness(name)) return [];
  return statements
    .filter(({ text, inside }) => inside && MAPPING.test(text) && !text.includes('<special>'))
    .map(({ line }) => ({ line, message: 'a map that is made in a function needs <special> (:h cpo-<)' }));
}

/** plugin/, ftplugin/ and syntax/ files are loaded once. */
export function loadGuard(script: Script): Finding[] {
  const pattern = GUARDS[folder(script)];
  if (!pattern) return [];
  const at = script.statements.findIndex(({ text }) => pattern.test(/^if exists\('(.*)'\)$/.exec(text)?.[1] ?? ''));
  const [test, finish] = script.statements.slice(at, at + 2);
  const variable = /'(.*)'/.exec(at < 0 ? '' : (test?.text ?? ''))?.[1];
  const isSet = script.statements.some(({ text }) => text.startsWith(`let ${variable ?? ''} = `));
  if (at === 1 && finish?.text.trim() === 'finish' && isSet) return [];
  return [
    { line: script.statements[1]?.line ?? 1, message: `no load guard (if exists('${pattern.source.slice(1, -1)}') | finish, and its let)` },
  ];
}

/** plugin/ only declares; the work is autoloaded. */
export function declarations(script: Script): Finding[] {
  if (folder(script) !== 'plugin') return [];
  const problems = script.functions.map(({ name, line }) => ({ line, message: `${name}() belongs in autoload/` }));
  for (const { line, text, inside } of script.statements) {
    const head = /^\s*(\w+!?)/.exec(text)?.[1] ?? text;
    const allowed = DECLARATION.test(head) || /^\s*let g:loaded_\w+ = 1$/.test(text) || text === SAVE_CPO || text === RESTORE_CPO;
    if (!inside && !allowed) problems.push({ line, message: `"${head}" is no declaration; plugin/ has nothing else` });
  }
  return problems;
}
