/** Keys and prefixes with their values, at one revision: what an edit is made of, and what stands where it leads to. */
import {
  isEtcdError,
  kvsOf,
  objection,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type KeyValue,
  type Operation,
  type Revision,
} from '../../client/index.js';
import { readSubtree, spanBelow } from '../subtree.js';
import { refuseOther } from '../write/other-cluster.js';
import { idOf, type Place } from './names.js';

/** What is read at. */
export interface Pinned {
  /** Of the cluster that is meant. */
  header: Header;
  /** The newest without it. */
  revision?: Revision;
}

export interface Found {
  /** Of the last answer; it was read at `revision`, all of it. */
  at: Required<Pinned>;
  /** The keys of each place, by idOf(). */
  kvs: Map<string, KeyValue[]>;
  /** Prefixes of which the user's roles show only a part, by idOf(). */
  scoped: Set<string>;
}

/** Keys that one request asks for. */
const AT_ONCE = 64;

/**
 * @param places each once; at least one if `pinned` has no revision
 * @throws EtcdError cluster_changed, and as readSubtree()
 */
export async function readPlaces(client: Client, places: readonly Place[], pinned: Pinned, options: CallOptions): Promise<Found> {
  let at = pinned;
  const kvs = new Map<string, KeyValue[]>();
  const scoped = new Set<string>();
  const keys = places.filter(({ kind }) => kind === 'key').map(({ key }) => key);
  for (let i = 0; i < keys.length; i += AT_ONCE) {
    const read = await readKeys(client, keys.slice(i, i + AT_ONCE), at, options);
    for (const kv of read.kvs) kvs.set(idOf({ kind: 'key', key: kv.key }), [kv]);
    at = { revision: read.header.revision, ...at, header: read.header };
  }
  for (const place of places) {
    const id = idOf(place);
    if (place.kind === 'key') {
      if (!kvs.has(id)) kvs.set(id, []);
      continue;
    }
    const read = await readBelow(client, place.key, at, options);
    kvs.set(id, read.kvs);
    if (read.scoped) scoped.add(id);
    at = { ...at, revision: read.revision };
  }
  return { at: { revision: '0', ...at }, kvs, scoped };
}

/** @throws EtcdError cluster_changed */
async function readBelow(
  client: Client,
  prefix: Key,
  { header, revision }: Pinned,
  options: CallOptions,
): Promise<{ kvs: KeyValue[]; revision: Revision; scoped: boolean }> {
  const pages: KeyValue[][] = [];
  const request = { ...spanBelow(prefix), clusterId: header.clusterId, ...(revision !== undefined && { revision }) };
  let [read, scoped] = [revision ?? '0', false];
  for await (const page of readSubtree(client, request, options)) {
    if (pages.length === 0) refuseOther(client, objection(header, page.header));
    pages.push(page.kvs);
    [read, scoped] = [page.revision, page.scoped];
  }
  return { kvs: pages.flat(), revision: read, scoped };
}

async function readKeys(
  client: Client,
  keys: readonly Key[],
  at: Pinned,
  options: CallOptions,
): Promise<{ header: Header; kvs: KeyValue[] }> {
  const { header: seen, revision } = at;
  const then = keys.map((key): Operation => ({ op: 'range', key, ...(revision !== undefined && { revision }) }));
  try {
    const { header, answers } = await client.txn({ then, seen }, options);
    refuseOther(client, objection(seen, header));
    return { header, kvs: kvsOf(answers) };
  } catch (thrown) {
    if (!isEtcdError(thrown, 'too_large', 'too_many_ops') || keys.length < 2) throw thrown;
    const half = Math.ceil(keys.length / 2);
    const first = await readKeys(client, keys.slice(0, half), at, options);
    const rest = await readKeys(client, keys.slice(half), { ...at, revision: revision ?? first.header.revision }, options);
    return { header: first.header, kvs: [...first.kvs, ...rest.kvs] };
  }
}
