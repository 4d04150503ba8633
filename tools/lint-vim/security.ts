/** Rules for what names and remote text can do: they are never run, and never expanded. */
import { judge } from './flow.js';
import type { Finding, Script } from './script.js';
import { callArguments, isOp, split, textOf, type Token } from './tokens.js';

const EXECUTE = /^exe(c(u(te?)?)?)?$/;
type Kind = 'command' | 'shell';
/** Where each escape helps: in a command, or in a shell. */
const ESCAPES: Record<Kind, Set<string>> = {
  command: new Set(['escape', 'fnameescape', 'shellescape', 'string']),
  shell: new Set(['shellescape']),
};
/** Functions that run an argument: which one, and as what. `map()` and its kind run strings. */
const RUNS: Record<string, [index: number, kind: Kind]> = {
  eval: [0, 'command'],
  execute: [0, 'command'],
  filter: [1, 'command'],
  luaeval: [0, 'command'],
  map: [1, 'command'],
  system: [0, 'shell'],
  systemlist: [0, 'shell'],
  win_execute: [1, 'command'],
};
const EXPANDABLE = /^'<(?:abuf|afile|amatch|sfile|stack)>(?::[phtre])*'$/;
/** The one file that may type for the user. */
const TYPIST = 'autoload/etcd/cmdline/address.vim';
/** The one file that runs what the user has typed. Its callers give it nothing else. */
const RUNNER = 'autoload/etcd/env/typed.vim';

/**
 * Whatever is run as a command is made of literals, numbers and escaped text, through all variables, callers and results.
 * @param open functions that anybody may call
 */
export function executed(scripts: readonly Script[], open: Set<string>): (Finding & { file: string })[] {
  const problems: (Finding & { file: string })[] = [];
  for (const script of scripts.filter(({ name }) => name !== RUNNER)) {
    for (const { line, commands, inside } of script.statements) {
      for (const [how, kind, tokens] of commands.flatMap(runs)) {
        const { level, culprit } = judge({ scripts, open, escapes: ESCAPES[kind] }, tokens, { script, inside });
        if (level === 'foreign') problems.push({ file: script.name, line, message: `${how} may run foreign text: ${culprit ?? ''}` });
      }
    }
  }
  return problems;
}

/** Calls that take something in a name for wildcards, variables or keys. */
export function forbiddenCalls({ name, statements }: Script): Finding[] {
  const problems: Finding[] = [];
  for (const { line, tokens } of statements) {
    for (const [at, { text }] of tokens.entries()) {
      const values = callArguments(tokens, at);
      if (!values) continue;
      if (text === 'expand' && !EXPANDABLE.test(textOf(values[0] ?? [])))
        problems.push({ line, message: 'expand() of anything but <afile> and its kind' });
      if (/^glob(path)?$/.test(text)) problems.push({ line, message: `${text}() sees wildcards in names; use readdir() or ask Node` });
      if (text === 'feedkeys' && name !== TYPIST) problems.push({ line, message: `feedkeys() outside of ${TYPIST}` });
    }
  }
  return problems;
}

/** What {command} runs: by which word, as what, and the expression. */
function runs(command: readonly Token[]): [how: string, kind: Kind, tokens: Token[]][] {
  const found: [string, Kind, Token[]][] = [];
  for (const [at, { kind, text }] of command.entries()) {
    const values = callArguments(command, at);
    const [index, where] = (values && RUNS[text]) ?? [-1, 'command'];
    const value = values?.[index];
    if (value) found.push([`${text}()`, where, value]);
    if (kind === 'name' && EXECUTE.test(text) && !values) found.push([`:${text}`, 'command', untilKey(command.slice(at + 1))]);
    if (text === 'b:undo_ftplugin' && at === 1)
      found.push([text, 'command', split(command, (token) => isOp(token, '=', '.=', '..=')).at(-1) ?? []]);
  }
  return found;
}

/** In a map, a command ends at a key. */
function untilKey(tokens: Token[]): Token[] {
  const end = tokens.findIndex(({ kind, text }) => kind === 'slot' && /^<(CR|Bar)>$/i.test(text));
  return end < 0 ? tokens : tokens.slice(0, end);
}
