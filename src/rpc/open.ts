/** `open`: what an address is for the editor: a value, a listing, or a key that is not there yet. */
import { EtcdError, keyOf, type CallOptions, type Client } from '../etcd/index.js';
import { encodeSegments, formatAddress, type Address } from '../keyspace/address.js';
import { isPrefix, readKey } from '../keyspace/document.js';
import { listLevel } from '../keyspace/listing.js';
import { log } from './log.js';
import type { Named, Opened, OpenedListing, OpenedNew } from './protocol.js';
import type { Session } from './session.js';
import { missing, offerValue } from './value.js';

/** ms after which a listing tells how far it is, and between one such word and the next. */
const PROGRESS_EVERY = 150;

/** @throws EtcdError */
export async function openAddress(session: Session, { name }: Named, options: CallOptions): Promise<Opened | OpenedNew | OpenedListing> {
  const address = rooted(session, session.address(name));
  const client = session.client(address.profile);
  if (address.kind === 'prefix') return list(session, client, address, options);
  const below: Address = { ...address, kind: 'prefix', key: `${address.key}/` };
  const read = await readKey(client, address.key, address.revision, options, true).catch(refusal);
  if (read instanceof EtcdError) {
    // Whose roles name prefixes only may not ask for the key, but may be looking for the prefix.
    return list(session, client, below, options).catch(() => Promise.reject(read));
  }
  const { header, kv, stale } = read;
  if (kv) return offerValue(session, address, kv, { ...header, stale });
  const isBelow = await isPrefix(client, below.key, address.revision ?? header.revision, options, stale).catch(refusal);
  if (isBelow === true) return list(session, client, below, options);
  if (address.revision !== undefined) throw missing(client, `the key did not exist at revision ${address.revision}`);
  const readonly = session.settings(address.profile).readonly ?? false;
  return { kind: 'new', address: formatAddress(address), cluster_id: header.clusterId, readonly, stale };
}

function rooted(session: Session, address: Address): Address {
  const root = address.top ? session.settings(address.profile).root : undefined;
  if (root === undefined || root === '') return address;
  return { ...address, key: keyOf(root.endsWith('/') ? root : `${root}/`), top: false };
}

function refusal(thrown: unknown): EtcdError {
  if (thrown instanceof EtcdError && thrown.code === 'permission_denied') return thrown;
  throw thrown;
}

async function list(session: Session, client: Client, address: Address, options: CallOptions): Promise<OpenedListing> {
  const shown = formatAddress(address);
  let told = performance.now();
  const onProgress = (count: number): void => {
    const now = performance.now();
    if (now - told < PROGRESS_EVERY) return;
    told = now;
    session.push({ event: 'progress', address: shown, count });
  };
  const { revision } = address;
  const level = await listLevel(
    client,
    { prefix: address.key, onProgress, stale: true, ...(revision !== undefined && { revision }) },
    options,
  );
  if (address.top && level.names.length === 1 && level.names[0] === '/') {
    return list(session, client, { ...address, key: '/', top: false }, options);
  }
  const lines = level.names.map((name) => `${name === '' ? '%2F' : encodeSegments(name)}\n`);
  log(`listed ${shown}: ${lines.length} names at revision ${level.revision}`);
  return {
    kind: 'prefix',
    address: shown,
    file: session.bodies().offer(lines.join('')),
    count: lines.length,
    revision: level.revision,
    cluster_id: level.clusterId,
    stale: level.stale,
    scoped: level.scoped,
  };
}
