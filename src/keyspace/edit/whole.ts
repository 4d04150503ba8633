/** Prefixes that are deleted whole. Nothing in them has to be read. */
import {
  firstKey,
  objection,
  prefixEnd,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type KeyValue,
  type Revision,
} from '../../client/index.js';
import { refuseOther } from '../write/other-cluster.js';
import { isGone, isNewer, type Changes } from './changes.js';
import type { Intent, Source } from './intents.js';
import { idOf, type Place } from './names.js';

/** The deletes of prefixes below which nothing else happens. */
export function wholeDeletes(intents: readonly Intent[]): Map<Intent, Source> {
  const keys = intents.flatMap(({ source, targets }) => [...(source ? [source.place.key] : []), ...targets.map(({ place }) => place.key)]);
  keys.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const whole = new Map<Intent, Source>();
  for (const intent of intents) {
    const { source, targets, stays } = intent;
    if (!source || stays || targets.length > 0 || source.place.kind === 'key') continue;
    const { key } = source.place;
    const first = indexOf(keys, key);
    // The prefix itself, and the next one.
    if (!keys[first + 1]?.startsWith(key) && !isWithin(keys, key)) whole.set(intent, source);
  }
  return whole;
}

/**
 * The prefixes whose keys all move, and below which nothing arrives.
 * @param scoped those whose keys were not all seen, by idOf()
 */
export function movedWhole(intents: readonly Intent[], { arrivals }: Changes, scoped: ReadonlySet<string>): Place[] {
  const keys = [...arrivals.keys()].sort((a, b) => (a < b ? -1 : 1));
  const moved = intents.filter(({ source, targets, stays }) => source?.place.kind === 'prefix' && !stays && targets.length > 0);
  const places = moved.map(({ source }) => (source as Source).place);
  const above = places.map(({ key }) => key).sort((a, b) => (a < b ? -1 : 1));
  return places.filter((place) => {
    const { key } = place;
    return !scoped.has(idOf(place)) && !keys[indexOf(keys, key)]?.startsWith(key) && !isWithin(above, key);
  });
}

/** Where `key` is, or would be. */
function indexOf(sorted: readonly Key[], key: Key): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as Key) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether this prefix lies in another one that is changed as well. */
function isWithin(sorted: readonly Key[], key: Key): boolean {
  for (let slash = key.slice(0, -1).lastIndexOf('/'); slash >= 0; slash = slash === 0 ? -1 : key.lastIndexOf('/', slash - 1)) {
    const above = key.slice(0, slash + 1);
    if (sorted[indexOf(sorted, above)] === above) return true;
  }
  return false;
}

/**
 * @param seen of the cluster that is meant
 * @param readAt the keys must not be newer than this; undefined if that does not matter
 * @returns the header of an answer that says so, and how many keys there are
 * @throws EtcdError conflict if `readAt` is given and there is no key, or a newer one; cluster_changed
 */
export async function lookBelow(
  client: Client,
  prefix: Key,
  { seen, readAt }: { seen: Header; readAt: Revision | undefined },
  options: CallOptions,
): Promise<{ header: Header; count: number }> {
  const range = { key: firstKey(prefix), rangeEnd: prefixEnd(prefix) };
  const newest =
    readAt === undefined ? [] : [{ ...range, target: 'MOD', result: 'LESS', modRevision: String(BigInt(readAt) + 1n) } as const];
  const request = {
    compare: newest,
    then: [{ op: 'range', ...range, countOnly: true }],
    else: [{ op: 'range', ...range, keysOnly: true }],
  } as const;
  const { header, succeeded, answers } = await client.txn({ ...request, seen }, options);
  refuseOther(client, objection(seen, header));
  const [answer] = answers;
  const count = answer?.op === 'range' ? answer.count : 0;
  if (readAt === undefined) return { header, count };
  if (answer?.op !== 'range' || count === 0) throw isGone(prefix);
  if (succeeded) return { header, count };
  throw isNewer(answer.kvs.find(({ modRevision }) => BigInt(modRevision) > BigInt(readAt)) as KeyValue, readAt);
}
