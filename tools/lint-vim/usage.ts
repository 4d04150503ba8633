/** Rules across files: every function is used, and whatever is used exists. */
import { isHarness, type Finding, type Script, type Statement } from './script.js';
import { callArguments, isOp } from './tokens.js';

/** Files whose functions are for the users of the plugin. */
export const PUBLIC = ['autoload/etcd.vim'];
/** Commands that run later, from outside of the script. A function that they name cannot be script-local. */
const LATER = /^\s*(?:autocmd|command|\w*map)\b/;

/** Other files that may name functions. */
export interface TextFile {
  name: string;
  text: string;
}

/** A finding, and the script in which it is. */
export type FileFinding = Finding & { file: string };

/** The autoload functions that a text names. */
export function referencesIn(text: string): string[] {
  return text.match(/etcd(?:#\w+)+/g) ?? [];
}

/** Functions that nobody calls, or nobody outside of their file. */
export function unused(scripts: readonly Script[], texts: readonly TextFile[]): FileFinding[] {
  const named = new Map<string, string[]>();
  for (const { name, text } of texts) named.set(name, referencesIn(text));
  for (const { name, statements } of scripts)
    named.set(
      name,
      statements.flatMap(({ text }) => referencesIn(text)),
    );
  const problems: FileFinding[] = [];
  for (const { name: file, functions, statements } of scripts) {
    for (const { name, line } of functions) {
      const report = (message: string) => problems.push({ file, line, message: `${name}() ${message}` });
      if (name.startsWith('s:')) {
        if (!isUsedHere(name, statements)) report('is not used');
      } else if (!isHarness(file) && !PUBLIC.includes(file)) {
        const isUsed = [...named].some(([other, names]) => other !== file && names.includes(name));
        if (!isUsed && !isUsedLater(name, statements)) report('is not used outside of its file; make it s: or remove it');
      }
    }
  }
  return problems;
}

/** Functions that are called and that nothing defines. Names in tests in other languages may be made up. */
export function undefinedFunctions(scripts: readonly Script[], texts: readonly TextFile[]): FileFinding[] {
  const defined = new Set(scripts.flatMap(({ functions }) => functions.map(({ name }) => name)));
  const missing = (text: string): string[] => referencesIn(text).filter((name) => !defined.has(name));
  const problems: FileFinding[] = [];
  const report = (file: string, line: number, names: readonly string[]) =>
    problems.push(...names.map((name) => ({ file, line, message: `there is no ${name}()` })));
  for (const { name: file, statements, functions } of scripts) {
    const own = new Set(functions.map(({ name }) => name));
    for (const { line, text, tokens } of statements) {
      const called = tokens.filter(({ text: word }, at) => /^s:\w+$/.test(word) && callArguments(tokens, at)).map(({ text: word }) => word);
      report(file, line, [...missing(text), ...called.filter((name) => !own.has(name) && !isVariable(name, statements))]);
    }
  }
  for (const { name: file, text } of texts.filter(({ name }) => !isHarness(name))) {
    for (const [index, line] of text.split('\n').entries()) report(file, index + 1, missing(line));
  }
  return problems;
}

/** A call or a reference, from outside of the function itself. */
function isUsedHere(name: string, statements: readonly Statement[]): boolean {
  const pattern = new RegExp(`(?<!\\w)(?:s:|<SID>)${name.slice(2)}\\b`, 'i');
  return statements.some(({ text, inside }) => inside?.name !== name && pattern.test(text));
}

function isUsedLater(name: string, statements: readonly Statement[]): boolean {
  return statements.some(({ text, tokens }) => {
    const words = LATER.test(text) ? [text] : tokens.filter(({ kind }) => kind === 'string').map((token) => token.text);
    return words.some((word) => referencesIn(word).includes(name));
  });
}

function isVariable(name: string, statements: readonly Statement[]): boolean {
  return statements.some(({ tokens: [head, target, next] }) => head?.text === 'let' && target?.text === name && isOp(next, '='));
}
