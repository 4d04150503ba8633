/** The rule about waits: timers and callbacks run meanwhile and may go to another buffer, so whoever waits comes back first. */
import type { Finding, Func, Script } from './script.js';

/** What waits for an answer of Node. */
const WAITS = /\betcd#(?:host#rpc#request|buffer#name#canonical|ui#confirm#put|buffer#put#send)\(/;
/** Comes back, or is said for another buffer than the current one. */
const BACK = /\betcd#buffer#here#back\(/;
/** What is about the buffer that is current at that moment. */
const CURRENT = /\bb:\w|\bsetlocal\b|&l:|\b(?:bufname|bufnr)\('%'\)|\b(?:getline|setline|append)\(|\bgetbufvar\('%'/;

/** Nothing is said of the current buffer between a wait and etcd#buffer#here#back(), in one function. */
export function comesBack({ statements }: Script): Finding[] {
  const problems: Finding[] = [];
  let inside: Func | undefined;
  let waited = false;
  for (const { line, text, inside: own } of statements) {
    if (own !== inside) [inside, waited] = [own, false];
    if (!inside) continue;
    if (BACK.test(text)) waited = false;
    else if (waited && CURRENT.test(text))
      problems.push({ line, message: 'after a wait the current buffer may be another; etcd#buffer#here#back() first' });
    if (WAITS.test(text) && !/^\s*return\b/.test(text)) waited = true;
  }
  return problems;
}
