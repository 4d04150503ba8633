/** What intents do to keys, once it is known what is there. It sends no request. */
import { EtcdError, type Key, type KeyValue, type Revision } from '../../client/index.js';
import { encodeSegments } from '../address.js';
import type { Intent, Source, Target } from './intents.js';
import { idOf, isSame, refused } from './names.js';

/** A key that is to be put. */
export interface Arrival {
  /** The key that it is a copy of; absent for a new key. */
  kv?: KeyValue;
  /** The key that it is a copy of is deleted, because it was moved here. */
  moved: boolean;
  where: string;
}

export interface Changes {
  arrivals: Map<Key, Arrival>;
  /** Keys that do not stay as they are. Nothing is left of them, unless they are arrivals as well. */
  departures: Map<Key, KeyValue>;
}

/**
 * @param sources the keys of each source's place, by idOf()
 * @param readAt the revision that the text of each source was read at. A key that has changed since is not deleted, and one that is gone
 * is an error. If this is undefined, a changed key is deleted, and a key that is gone needs nothing
 * @throws EtcdError conflict for a key that is gone or has changed; invalid_address for two changes of one key
 */
export function changesOf(
  intents: readonly Intent[],
  sources: ReadonlyMap<string, KeyValue[]>,
  readAt: (origin: number) => Revision | undefined,
): Changes {
  const changes: Changes = { arrivals: new Map(), departures: new Map() };
  const takers = new Map<Key, Taker>();
  for (const { source, targets, stays } of intents) {
    if (!source) {
      for (const { place, where } of targets) arrive(changes, place.key, { moved: false, where });
      continue;
    }
    const { place, where, origin } = source;
    const kvs = sources.get(idOf(place)) ?? [];
    const at = readAt(origin);
    if (kvs.length === 0 && (targets.length > 0 || at !== undefined)) throw isGone(place.key);
    if (targets.length === 0) refuseNewer(kvs, at);
    for (const kv of kvs) {
      if (!stays) depart(changes, kv, takers, { ...source, isDelete: targets.length === 0, where: targets[0]?.where ?? where });
      for (const [i, target] of targets.entries()) {
        const key = target.place.key + kv.key.slice(place.key.length);
        arrive(changes, key, { kv, moved: !stays && i === 0, where: target.where });
      }
    }
  }
  return changes;
}

/** The error of a key, or of all keys below a prefix, that was deleted since the text was read. */
export function isGone(key: Key): EtcdError {
  return new EtcdError('conflict', `${encodeSegments(key)} is not there any more`, { subject: { reason: 'listing_gone' } });
}

/** The error of a key that the text deletes, if it was changed since the text was read. */
export function isNewer({ key, modRevision }: KeyValue, readAt: Revision): EtcdError {
  const message = `${encodeSegments(key)} was changed at revision ${modRevision}, and its name read at ${readAt}`;
  return new EtcdError('conflict', message, { subject: { reason: 'listing_changed' } });
}

/** @throws EtcdError conflict for a key that is there already, and stays */
export function refuseOver({ departures }: Changes, targets: readonly Target[], there: ReadonlyMap<string, KeyValue[]>): void {
  for (const { place, where } of targets) {
    const kept = (there.get(idOf(place)) ?? []).filter(({ key }) => !departures.has(key));
    const first = kept[0];
    if (!first) continue;
    const names = encodeSegments(place.key);
    const what = place.kind === 'key' || kept.length === 1 ? encodeSegments(first.key) : `${names} with ${kept.length} keys`;
    throw new EtcdError('conflict', `${where}: ${what} is there already`, { subject: { reason: 'exists' } });
  }
}

function refuseNewer(kvs: readonly KeyValue[], readAt: Revision | undefined): void {
  if (readAt === undefined) return;
  const newer = kvs.find(({ modRevision }) => BigInt(modRevision) > BigInt(readAt));
  if (newer) throw isNewer(newer, readAt);
}

function arrive({ arrivals }: Changes, key: Key, arrival: Arrival): void {
  const other = arrivals.get(key);
  if (other) throw refused(arrival.where, `${encodeSegments(key)} is put by ${other.where} as well`);
  arrivals.set(key, arrival);
}

/** What takes a key from its place: its own line, or that of a prefix that holds it. */
interface Taker extends Source {
  isDelete: boolean;
}

/** If a prefix is deleted, and another text moves a key out of it, the key is not deleted. All other changes of one key by two are refused. */
function depart({ departures }: Changes, kv: KeyValue, takers: Map<Key, Taker>, taker: Taker): void {
  const other = takers.get(kv.key);
  const [outer, inner] = [taker, other ?? taker].sort((a, b) => a.place.key.length - b.place.key.length) as [Taker, Taker];
  if (other && (isSame(outer.place, inner.place) || !outer.isDelete)) {
    const how = isSame(outer.place, inner.place)
      ? 'by lines of two texts'
      : `with ${encodeSegments(outer.place.key)}, and with ${encodeSegments(inner.place.key)} too`;
    throw refused(taker.where, `${encodeSegments(kv.key)} is changed ${how}`, 'write one change, and then the other');
  }
  takers.set(kv.key, inner);
  departures.set(kv.key, kv);
}
