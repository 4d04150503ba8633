/** The rule about waits: timers and callbacks run meanwhile and may go to another buffer. So after a wait a function comes back first. */
import type { Finding, Func, Script } from './script.js';

/** Functions that wait for an answer of Node. */
const WAITS = /\betcd#(?:host#rpc#request|buffer#name#canonical|ui#confirm#put|buffer#put#send)\(/;
/** Comes back, or is about another buffer than the current one. */
const BACK = /\betcd#buffer#here#back\(/;
/** Words that are about the buffer that is current at that moment. */
const CURRENT = /\bb:\w|\bsetlocal\b|&l:|\b(?:bufname|bufnr)\('%'\)|\b(?:getline|setline|append)\(|\bgetbufvar\('%'/;

/** Between a wait and etcd#buffer#here#back(), a function says nothing of the current buffer. */
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
