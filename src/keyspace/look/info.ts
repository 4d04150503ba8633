/** All that etcd knows of one key, or of a prefix and what is below it, and who may read and write it. */
import {
  asDenied,
  isEtcdError,
  type Access,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type KeyValue,
  type LeaseState,
  type Revision,
} from '../../client/index.js';
import { readKey } from '../document.js';
import { readSubtree, spanBelow } from '../subtree.js';

export interface KeyInfo {
  /** The user may not read the key. Only who may is known; everything else is absent. */
  hidden: boolean;
  header: Header | undefined;
  /** undefined: there is no such key. */
  kv: KeyValue | undefined;
  /** undefined if the key has none, or if that could not be found out. */
  lease: LeaseState | undefined;
  /** undefined if that could not be found out. */
  access: Access | undefined;
  stale: boolean;
}

export interface PrefixInfo {
  revision: Revision;
  /** Keys below it. If `scoped`, only those that the user may read; if it is not `whole` either, there may be more. */
  keys: number;
  /** How many keys were read, and what is in them. */
  read: { keys: number; bytes: number; leased: number; newest: { key: Key; modRevision: Revision } | undefined };
  /** All of them were read. */
  whole: boolean;
  scoped: boolean;
  access: Access | undefined;
}

/** The most keys and bytes of values below a prefix that are read to add them up… */
const MOST_KEYS = 20_000;
const MOST_BYTES = 8 * 1024 * 1024;
/** …and so many keys that it does not begin: only some would be read, and etcd would count all of them for each page. */
const TOO_MANY = 100_000;

/**
 * @param revision the newest by default
 * @throws EtcdError as Client.range(), but permission_denied only if it is unknown, too, who may read the key
 */
export async function readKeyInfo(client: Client, key: Key, revision: Revision | undefined, options: CallOptions): Promise<KeyInfo> {
  const [read, access] = await Promise.all([
    readKey(client, key, revision, options, true).catch(asDenied),
    client.access(options).catch(unknown),
  ]);
  if (isEtcdError(read)) {
    if (!access) throw read;
    return { hidden: true, header: undefined, kv: undefined, lease: undefined, access, stale: false };
  }
  const { header, kv, stale } = read;
  const lease = kv && kv.lease !== '0' && !stale ? await client.leases.timeToLive({ id: kv.lease }, options).catch(unknown) : undefined;
  return { hidden: false, header, kv, lease, access, stale };
}

/**
 * Reads what is below the prefix, at most a few MiB.
 * @throws EtcdError as readSubtree()
 */
export async function readPrefixInfo(
  client: Client,
  prefix: Key,
  revision: Revision | undefined,
  options: CallOptions,
): Promise<PrefixInfo> {
  const access = client.access(options).catch(unknown);
  const read: PrefixInfo['read'] = { keys: 0, bytes: 0, leased: 0, newest: undefined };
  const request = { ...spanBelow(prefix), ...(revision !== undefined && { revision }) };
  let [left, scoped, at, cut] = [0, false, '0', false];
  for await (const page of readSubtree(client, request, options)) {
    for (const kv of page.kvs) add(read, kv);
    [left, scoped, at] = [page.left, page.scoped, page.revision];
    cut = left > TOO_MANY || read.keys >= MOST_KEYS || read.bytes >= MOST_BYTES;
    if (cut) break;
  }
  return { revision: at, keys: read.keys + left, read, whole: !cut || (left === 0 && !scoped), scoped, access: await access };
}

function add(read: PrefixInfo['read'], { key, value, modRevision, lease }: KeyValue): void {
  read.keys += 1;
  read.bytes += key.length + value.length;
  if (lease !== '0') read.leased += 1;
  if (!read.newest || BigInt(modRevision) > BigInt(read.newest.modRevision)) read.newest = { key, modRevision };
}

/** Rights and leases are shown if they can be found out. Without them the rest is still worth showing. */
function unknown(thrown: unknown): undefined {
  if (isEtcdError(thrown) && thrown.code !== 'cancelled') return undefined;
  throw thrown;
}
