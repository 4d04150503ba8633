// Vim script as the lint sees it: functions, and statements: continuation lines joined, comments left out.
import { isOp, split, tokenize } from './tokens.mjs';

/**
 * @typedef {import('./tokens.mjs').Token} Token
 * @typedef {{ line: number, text: string, tokens: Token[], commands: Token[][], inside: Func | undefined }} Statement
 *   commands: what stands between bars
 * @typedef {{ name: string, line: number, end: number, parameters: string[], attributes: string }} Func
 * @typedef {{ name: string, lines: string[], statements: Statement[], functions: Func[] }} Script
 */

/** Scripts of the tests and the benchmark run in the editor too, but take orders from their own side only. */
export function isHarness(name) {
  return /^(test|bench)\//.test(name);
}

/** @returns {Script} */
export function parseScript({ name, lines }) {
  const script = { name, lines, statements: [], functions: [] };
  let inside;
  for (const { line, text } of joined(lines)) {
    const head = /^\s*fu\w*!?\s+([\w:#.<>]+)\s*\(([^)]*)\)(.*)$/.exec(text);
    if (head) {
      const [, called, parameters, attributes] = head;
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

/** Lines without comments, each with what continues it. */
function joined(lines) {
  const out = [];
  for (const [index, text] of lines.entries()) {
    if (/^\s*("|$)/.test(text)) continue;
    const more = /^\s*\\(.*)$/.exec(text);
    if (more && out.length > 0) out.at(-1).text += more[1];
    else out.push({ line: index + 1, text });
  }
  return out;
}
