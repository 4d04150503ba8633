/** A value that was read, as the editor gets it: its bytes in a file, and all that is known of it. */
import { isUtf8 } from 'node:buffer';
import { EtcdError, type Client, type Header, type KeyValue } from '../etcd/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import { digestOf } from '../keyspace/document.js';
import type { Opened } from './protocol.js';
import { formatSeen } from './seen.js';
import type { Session } from './session.js';

/** What `open` and `read` answer for a key. */
export function offerValue(
  session: Session,
  address: Address,
  kv: KeyValue,
  { header, stale }: { header: Header; stale: boolean },
): Opened {
  return {
    kind: 'key',
    address: formatAddress(address),
    bytes: kv.value.length,
    ...describeValue(session, kv, header),
    past: address.revision !== undefined,
    readonly: session.settings(address.profile).readonly ?? false,
    stale,
  };
}

/** The part of it that is about the key, wherever it is shown. */
export function describeValue(
  session: Session,
  kv: KeyValue,
  header: Header,
): Omit<Opened, 'kind' | 'address' | 'bytes' | 'past' | 'readonly' | 'stale'> {
  return {
    file: session.bodies().offer(kv.value),
    plain: isPlain(kv.value),
    mod_revision: kv.modRevision,
    create_revision: kv.createRevision,
    version: kv.version,
    lease: kv.lease,
    cluster_id: header.clusterId,
    seen: formatSeen(header),
    digest: digestOf(kv.value),
  };
}

/** @throws EtcdError invalid_address where the name is that of a prefix */
export function keyAddress(session: Session, name: string): Address {
  const address = session.address(name);
  if (address.kind === 'prefix') throw new EtcdError('invalid_address', 'that is a prefix, not a key');
  return address;
}

/** @returns EtcdError not_found */
export function missing(client: Client, why: string): EtcdError {
  return new EtcdError('not_found', why, { endpoint: client.endpoint() });
}

function isPlain(value: Buffer): boolean {
  return isUtf8(value) && !value.includes(0) && !value.includes(0x1a) && !value.includes('\ufeff');
}
