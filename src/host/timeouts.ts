/** How long a request may take. The user sets it by the kind of request, `g:etcd.timeout`; each method says of which kind it is. */
import * as v from 'valibot';

const ms = v.exactOptional(v.number());

/** In ms, as the editor sends them. */
export const timeouts = v.object({ read: ms, write: ms, list: ms, complete: ms });
export type Timeouts = v.InferOutput<typeof timeouts>;

/** A kind, or ms that nobody can set. */
export type Timeout = keyof Timeouts | number;

/** ms; timers of 32 bits end after 25 times that, and what is more fires at once. */
const LONGEST = 86_400_000;
/** ms of a kind that the editor has said nothing of. */
const UNSAID = 15_000;

/** @returns ms that a timer can hold */
export function milliseconds(timeout: Timeout, set: Timeouts): number {
  return Math.min(typeof timeout === 'number' ? timeout : (set[timeout] ?? UNSAID), LONGEST);
}
