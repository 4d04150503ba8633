/** `open`: what an address is for the editor: a value, a listing, or a key that is not there yet. */
import { EtcdError, keyOf, type CallOptions } from '../etcd/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import { isPrefix, readKey } from '../keyspace/document.js';
import type { Listings } from './listings.js';
import type { RequestOptions } from './methods.js';
import type { Open, Opened, OpenedListing, OpenedNew } from './protocol.js';
import type { Session } from './session.js';
import { formatSeen } from './seen.js';
import { missing, offerValue } from './value.js';

/** @throws EtcdError */
export async function openAddress(
  session: Session,
  listings: Listings,
  { name, stream = false, list }: Open,
  options: RequestOptions,
): Promise<Opened | OpenedNew | OpenedListing> {
  const ofListing = (): CallOptions => (list === undefined ? options : options.allow(list));
  const address = rooted(session, session.address(name));
  const client = session.client(address.profile);
  if (address.kind === 'prefix') return listings.open(client, address, stream, ofListing());
  const below: Address = { ...address, kind: 'prefix', key: `${address.key}/` };
  const read = await readKey(client, address.key, address.revision, options, true).catch(refusal);
  if (read instanceof EtcdError) {
    // Whose roles name prefixes only may not ask for the key, but may be looking for the prefix.
    return listings.open(client, below, stream, ofListing()).catch(() => Promise.reject(read));
  }
  const { header, kv, stale } = read;
  if (kv) return offerValue(session, address, kv, { header, stale });
  const at = { ...header, ...(address.revision !== undefined && { revision: address.revision }) };
  // Already this question takes etcd the longer, the more keys there are below.
  const longer = ofListing();
  const isBelow = await isPrefix(client, below.key, at, longer, stale).catch(refusal);
  if (isBelow === true) return listings.open(client, below, stream, longer);
  if (address.revision !== undefined) throw missing(client, `the key did not exist at revision ${address.revision}`);
  const readonly = session.settings(address.profile).readonly ?? false;
  return { kind: 'new', address: formatAddress(address), cluster_id: header.clusterId, seen: formatSeen(header), readonly, stale };
}

function rooted(session: Session, address: Address): Address {
  const root = address.top ? session.settings(address.profile).root : undefined;
  if (root === undefined || root === '') return address;
  return { ...address, key: keyOf(root.endsWith('/') ? root : `${root}/`), top: false };
}

function refusal(thrown: unknown): EtcdError {
  if (thrown instanceof EtcdError && thrown.code === 'permission_denied' && !thrown.elsewhere) return thrown;
  throw thrown;
}
