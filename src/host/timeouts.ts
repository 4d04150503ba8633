/** How long a request may take. The user sets it for each kind of request in `g:etcd.timeout`. Each method says of which kind it is. */
import * as v from 'valibot';

const ms = v.exactOptional(v.number());

/** In ms, as the editor sends them. */
export const timeouts = v.object({ read: ms, write: ms, list: ms, complete: ms });
export type Timeouts = v.InferOutput<typeof timeouts>;

/** A kind, or ms that nobody can set. */
export type Timeout = keyof Timeouts | number;

/** ms. A timer of 32 bits could hold 25 times as much, and a longer one fires at once. */
const LONGEST = 86_400_000;
/** ms of a kind for which the editor has sent nothing. */
const UNSAID = 15_000;

/** @returns ms that a timer can hold */
export function milliseconds(timeout: Timeout, set: Timeouts): number {
  return Math.min(typeof timeout === 'number' ? timeout : (set[timeout] ?? UNSAID), LONGEST);
}
