/**
 * A watch that goes on is told its last revision again. That shows whether the history is still the same one. Revision, term and id of
 * the cluster do not show it: a restored backup can have come further meanwhile.
 */
import { keyObjection, WHY } from './lineage.js';
import type { KeyValue } from './codec.js';
import type { WatchEvent } from './watch-answer.js';
import type { Revised } from './watch-events.js';

/** @returns the key that was put last, if any was: it can be looked at */
export function lastPut({ events }: Revised): KeyValue | undefined {
  return events.findLast(({ type }) => type === 'put')?.kv;
}

/** @returns why the key that was put last cannot have become `kv`, which is read without its value; undefined if it can */
export function putObjection(told: Revised, kv: KeyValue | undefined): string | undefined {
  const put = lastPut(told);
  return put && put.key === kv?.key ? keyObjection(put, kv) : undefined;
}

/**
 * @param heard what etcd tells first, in a watch that begins at the revision of `told`
 * @returns why that is another history; undefined if nothing shows it
 */
export function echoObjection(told: Revised, heard: Revised): string | undefined {
  const again = heard.revision === told.revision ? heard.events : [];
  // A delete may be left out if its revision was compacted just now: see placeAt() in watch.ts.
  const isThere = told.events.every((event) => event.type === 'delete' || again.some((other) => isSame(event, other)));
  const isOurs = again.every((event) => told.events.some((other) => isSame(event, other)));
  return isThere && isOurs ? undefined : `revision ${told.revision} is not what it was: ${WHY}`;
}

function isSame(one: WatchEvent, other: WatchEvent): boolean {
  const [a, b] = [one.kv, other.kv];
  const isAlike = a.createRevision === b.createRevision && a.version === b.version && a.value.equals(b.value);
  return one.type === other.type && a.key === b.key && isAlike;
}
