/** A value that was read, as the editor gets it: its bytes in a file, and all that is known of it. */
import { isUtf8 } from 'node:buffer';
import { EtcdError, type Client, type Header, type KeyValue, type Revision } from '../client/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import { digestOf } from '../keyspace/document.js';
import { isJsonText } from './formats.js';
import { shownStanding } from './rules.js';
import { formatSeen } from './seen.js';
import type { Session } from './session.js';
import { shownAs } from './views.js';

/** A value that is shown somewhere. `put` wants it back as `base`. */
export interface ShownValue {
  /** In the form that the address names. Everything else is about the bytes in etcd. */
  file: string;
  /** UTF-8 without BOM, NUL or ^Z: any editor shows it without loss. */
  plain: boolean;
  mod_revision: Revision;
  create_revision: Revision;
  version: string;
  lease: string;
  cluster_id: string;
  /** What was known of that cluster. The editor does not look into it. */
  seen: string;
  digest: string;
  /** It is JSON, an object or a list. */
  json: boolean;
}

/** A value that was read into a buffer. */
export interface Opened extends ShownValue {
  kind: 'key';
  address: string;
  bytes: number;
  /** The address reads the past, and cannot be written. */
  past: boolean;
  /** The profile or one of its rules forbids to put there. */
  readonly: boolean;
  /** What a rule says of the key. */
  note?: string;
  /** One member has answered without a quorum, so nobody knows whether it is the newest. */
  stale: boolean;
}

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
    ...describeValue(session, address, kv, header),
    past: address.revision !== undefined,
    ...shownStanding(session.settings(address.profile), address.key),
    stale,
  };
}

/**
 * The part of it that is about the key, wherever it is shown.
 * @throws EtcdError invalid_value if the address cannot show it
 */
export function describeValue(session: Session, address: Address, kv: KeyValue, header: Header): ShownValue {
  const shown = shownAs(address, kv.value);
  return {
    file: session.bodies().offer(shown),
    plain: isPlain(shown),
    mod_revision: kv.modRevision,
    create_revision: kv.createRevision,
    version: kv.version,
    lease: kv.lease,
    cluster_id: header.clusterId,
    seen: formatSeen(header),
    digest: digestOf(kv.value),
    json: isJsonText(kv.value),
  };
}

/** @throws EtcdError invalid_address if the name is that of a prefix */
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
