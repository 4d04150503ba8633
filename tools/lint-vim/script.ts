/** Vim script as the lint sees it: functions and statements. Continuation lines are joined, and comments left out. */
import { isOp, split, tokenize, type Token } from './tokens.js';

/** A Vim script, by its name in the repository. */
export interface ScriptFile {
  name: string;
  lines: string[];
}

export interface Func {
  name: string;
  /** The numbers of its first and its last line, from 1. */
  line: number;
  end: number;
  parameters: string[];
  attributes: string;
}

export interface Statement {
  line: number;
  text: string;
  tokens: Token[];
  /** What stands between bars. */
  commands: Token[][];
  inside: Func | undefined;
}

export interface Script extends ScriptFile {
  statements: Statement[];
  functions: Func[];
}

/** What a rule finds. */
export interface Finding {
  line: number;
  message: string;
}

/** Scripts of the tests and the benchmark run in the editor too, but only take orders from their own side. */
export function isHarness(name: string): boolean {
  return /^(test|bench)\//.test(name);
}

export function parseScript({ name, lines }: ScriptFile): Script {
  const script: Script = { name, lines, statements: [], functions: [] };
  let inside: Func | undefined;
  for (const { line, text } of joined(lines)) {
    const head = /^\s*fu\w*!?\s+([\w:#.<>]+)\s*\(([^)]*)\)(.*)$/.exec(text);
    if (head) {
      const [, called = '', parameters = '', attributes = ''] = head;
      inside = { name: called, line, end: lines.length, parameters: parameters.split(/[\s,]+/).filter(Boolean), attributes };
      script.functions.push(inside);
    } else if (inside && /^\s*endf(?:u\w*)?\s*$/.test(text)) {
      inside.end = line;
      inside = undefined;
    } else {
      const tokens = tokenize(text);
      const commands = split(tokens, (token) => isOp(token, '|')).filter((command) => command.length > 0);
      script.statements.push({ line, text, tokens, commands, inside });
    }
  }
  return script;
}

/** Lines without comments, each with its continuation lines. */
function joined(lines: readonly string[]): { line: number; text: string }[] {
  const out: { line: number; text: string }[] = [];
  for (const [index, text] of lines.entries()) {
    if (/^\s*("|$)/.test(text)) continue;
    const more = /^\s*\\(.*)$/.exec(text);
    const last = out.at(-1);
    if (more && last) last.text += more[1] ?? '';
    else out.push({ line: index + 1, text });
  }
  return out;
}
