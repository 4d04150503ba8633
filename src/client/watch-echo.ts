/**
 * What a watch that goes on is told again: the last revision that it has told. It shows whether the history is still the same one, where
 * revision, term and id of the cluster do not: a backup that was restored can have come further since.
 */
import { keyObjection, WHY } from './lineage.js';
import type { KeyValue } from './codec.js';
import type { WatchEvent } from './watch-answer.js';
import type { Revised } from './watch-events.js';

/** @returns what was put last, if anything was: its key can be looked at */
export function lastPut({ events }: Revised): KeyValue | undefined {
  return events.findLast(({ type }) => type === 'put')?.kv;
}

/** @returns why the key that was put last cannot have become `kv`, which is read without its value; undefined if it can */
export function putObjection(told: Revised, kv: KeyValue | undefined): string | undefined {
  const put = lastPut(told);
  return put && put.key === kv?.key ? keyObjection(put, kv) : undefined;
}

/**
 * @param heard what etcd tells first, of a watch from the revision of `told` on
 * @returns why that is another history; undefined if nothing shows it
 */
export function echoObjection(told: Revised, heard: Revised): string | undefined {
  const again = heard.revision === told.revision ? heard.events : [];
  // A delete at a revision that was compacted just now may be left out: see placeAt() in watch.ts.
  const isThere = told.events.every((event) => event.type === 'delete' || again.some((other) => isSame(event, other)));
  const isOurs = again.every((event) => told.events.some((other) => isSame(event, other)));
  return isThere && isOurs ? undefined : `revision ${told.revision} is not what it was: ${WHY}`;
}

function isSame(one: WatchEvent, other: WatchEvent): boolean {
  const [a, b] = [one.kv, other.kv];
  const isAlike = a.createRevision === b.createRevision && a.version === b.version && a.value.equals(b.value);
  return one.type === other.type && a.key === b.key && isAlike;
}
