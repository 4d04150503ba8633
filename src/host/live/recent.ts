/** What watches have told lately, for things that are opened at that moment. Pure. */
import type { Revision, WatchEvent } from '../../client/index.js';

export interface Recent {
  add(event: WatchEvent): void;
  /** The events after that revision, in their order; undefined: they are not all known any more. */
  since(revision: Revision): WatchEvent[] | undefined;
  /** Nothing before is known: events up to that revision may have been missed. */
  forget(revision: Revision): void;
}

/** The fewest events that are kept. They must be more than come between an answer and the word that its address is open. */
const KEPT = 1000;
const NOTHING = Buffer.alloc(0);

/** Nothing was told yet. */
export function keepRecent(): Recent {
  let events: WatchEvent[] = [];
  /** The newest revision of the events that are no longer kept. */
  let gone = 0n;

  function drop(count: number): void {
    for (const { kv } of events.splice(0, count)) gone = later(gone, kv.modRevision);
  }

  return {
    add({ type, kv }) {
      // Values can be large, and nobody needs them.
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
