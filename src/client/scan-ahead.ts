/**
 * A scan that lets an answer arrive faster than it is looked at: as soon as all of it is there, who reads on can ask for what comes
 * after it, and the server makes that while we look. No more waits in memory than a bound.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { decodeKey, type Key } from './codec.js';
import type { Sink } from './connection.js';
import { FIELD, type ScanAnswer } from './scan.js';

/** Bytes that wait to be looked at. */
const MOST_WAITING = 24 * 1024 * 1024;
/** Bytes at the end of an answer in which its last key is looked for. */
const MOST_TAIL = 4 * 1024 * 1024;
const QUOTE = 0x22;

/** Called when all of an answer has arrived: its last key, if there are keys after it. */
export type OnArrived = (last: Key) => void;

/** @returns opens the sink of each attempt; an attempt is looked at after what the one before it was about is over */
export function lookLater(onArrived: OnArrived) {
  let work = Promise.resolve();
  return (scanner: Sink<ScanAnswer>): Sink<ScanAnswer> => {
    const waiting: Buffer[] = [];
    let [bytes, isDropped] = [0, false];
    let failure: { why: unknown } | undefined;
    async function look(): Promise<void> {
      // What arrives meanwhile is taken in first.
      await turn();
      const chunk = waiting.shift();
      if (chunk === undefined || isDropped) return;
      await scanner.push(chunk);
      bytes -= chunk.length;
    }
    return {
      push(chunk) {
        if (failure) throw failure.why;
        waiting.push(chunk);
        bytes += chunk.length;
        work = work.then(look);
        work.catch((why: unknown) => (failure ??= { why }));
        if (bytes > MOST_WAITING) return work;
      },
      async end() {
        const last = lastOf(waiting);
        if (last !== undefined) onArrived(last);
        await work;
        return scanner.end();
      },
      drop() {
        isDropped = true;
        work = work.catch(() => undefined);
      },
    };
  };
}

/** @returns the last key of what waits; undefined if it is the last of all, or not to be seen there */
function lastOf(waiting: readonly Buffer[]): Key | undefined {
  const parts: Buffer[] = [];
  let size = 0;
  for (let i = waiting.length - 1; i >= 0 && size < MOST_TAIL; i--) {
    const chunk = waiting[i] as Buffer;
    parts.unshift(chunk);
    size += chunk.length;
    const tail = parts.length === 1 ? chunk : Buffer.concat(parts);
    const field = tail.lastIndexOf(FIELD);
    if (field < 0) continue;
    // After the list there are its count, and whether there is more.
    if (!/"more":\s*true/.test(tail.toString('latin1', Math.max(field, tail.lastIndexOf(']'))))) return undefined;
    const open = tail.indexOf(QUOTE, field + FIELD.length);
    return decodeKey(tail.toString('latin1', open + 1, tail.indexOf(QUOTE, open + 1)));
  }
  return undefined;
}
