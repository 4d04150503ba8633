/** Keys and prefixes with their values, at one revision: what an edit takes from, and what is at the places that it leads to. */
import { objection, type CallOptions, type Client, type Header, type Key, type KeyValue, type Revision } from '../../client/index.js';
import { readSubtree, spanBelow } from '../subtree.js';
import { refuseOther } from '../write/other-cluster.js';
import { readKeys } from '../write/read-keys.js';
import { idOf, type Place } from './names.js';

/** The revision and the cluster to read at. */
export interface Pinned {
  /** The header of the cluster that is meant. */
  header: Header;
  /** The default is the newest. */
  revision?: Revision;
}

export interface Found {
  /** The header of the last answer. All of it was read at `revision`. */
  at: Required<Pinned>;
  /** The keys of each place, by idOf(). */
  kvs: Map<string, KeyValue[]>;
  /** Prefixes whose keys the user's roles show only in part, by idOf(). */
  scoped: Set<string>;
}

/**
 * @param places each once; at least one if `pinned` has no revision
 * @throws EtcdError cluster_changed, and as readSubtree()
 */
export async function readPlaces(client: Client, places: readonly Place[], pinned: Pinned, options: CallOptions): Promise<Found> {
  let at = pinned;
  const kvs = new Map<string, KeyValue[]>();
  const scoped = new Set<string>();
  const keys = places.filter(({ kind }) => kind === 'key').map(({ key }) => key);
  if (keys.length > 0) {
    const { header: seen, revision } = pinned;
    const wanted = keys.map((key) => ({ key }));
    const read = await readKeys(client, wanted, options, { seen, ...(revision !== undefined && { revision }) });
    for (const kv of read.kvs) kvs.set(idOf({ kind: 'key', key: kv.key }), [kv]);
    at = { revision: read.header.revision, ...pinned, header: read.header };
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
