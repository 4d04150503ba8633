/** What watches have told lately, for what is opened while it happens. Pure. */
import type { Revision, WatchEvent } from '../../client/index.js';

export interface Recent {
  add(event: WatchEvent): void;
  /** What was told after that revision, in its order; undefined: that is not known any more. */
  since(revision: Revision): WatchEvent[] | undefined;
  /** Nothing is known of what was before; events up to that revision may have been missed. */
  forget(revision: Revision): void;
}

/** Events at the least: more than come between the answer to a question and the word that what it gave is open. */
const KEPT = 1000;
const NOTHING = Buffer.alloc(0);

/** Nothing was told yet. */
export function keepRecent(): Recent {
  let events: WatchEvent[] = [];
  /** The newest of those that are kept no more. */
  let gone = 0n;

  function drop(count: number): void {
    for (const { kv } of events.splice(0, count)) gone = later(gone, kv.modRevision);
  }

  return {
    add({ type, kv }) {
      // Values can be large, and nobody wants them.
      events.push({ type, kv: { ...kv, value: NOTHING } });
      if (events.length >= 2 * KEPT) drop(KEPT);
    },
    since: (revision) => (BigInt(revision) < gone ? undefined : events.filter(({ kv }) => BigInt(kv.modRevision) > BigInt(revision))),
    forget(revision) {
      events = [];
      gone = BigInt(revision);
    },
  };
}

function later(one: bigint, revision: Revision): bigint {
  const other = BigInt(revision);
  return other > one ? other : one;
}
