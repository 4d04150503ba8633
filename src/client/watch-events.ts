/** The events of a watch, put together again by revision. What one txn has changed is told at once, and only once. */
import type { Revision } from './codec.js';
import { wrong } from './decoders.js';
import type { WatchEvent, WatchMessage } from './watch-answer.js';

export interface Revised {
  revision: Revision;
  /** All that one txn has changed in the range, in etcd's order. */
  events: WatchEvent[];
}

export interface Collector {
  /** @returns what is complete now, oldest first @throws EtcdError unsupported for a revision that is older than the last one */
  take(message: Pick<WatchMessage, 'events' | 'fragment'>): Revised[];
}

/** @param heard the last revision that is known; events up to it are left out */
export function openCollector(heard: Revision): Collector {
  let last = BigInt(heard);
  let open: Revised | undefined;

  function close(): Revised[] {
    const done = open ? [open] : [];
    if (open) last = BigInt(open.revision);
    open = undefined;
    return done;
  }

  return {
    take({ events, fragment }) {
      const complete: Revised[] = [];
      for (const event of events) {
        const { modRevision } = event.kv;
        if (BigInt(modRevision) <= last) continue;
        if (open && open.revision !== modRevision) complete.push(...close());
        if (BigInt(modRevision) <= last) throw wrong('has events that are not in order');
        open ??= { revision: modRevision, events: [] };
        open.events.push(event);
      }
      // The next part of a fragment may be of the same revision.
      if (!fragment) complete.push(...close());
      return complete;
    },
  };
}
