/** A key at the revision at which it was deleted. One stops there on the way through its past, and there is nothing to read. */
import { isEtcdError, type CallOptions, type Client, type Header, type Revision } from '../client/index.js';
import { hasEnded } from '../keyspace/lease/ended.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import { readKey } from '../keyspace/document.js';
import { missing, type Opened } from './value.js';
import { shownStanding } from './rules.js';
import { formatSeen } from './seen.js';
import type { Session } from './session.js';

/** Like an empty value, but nothing can be compared with it. */
export interface OpenedGone extends Omit<Opened, 'create_revision' | 'version' | 'lease'> {
  gone: 'deleted' | 'expired';
}

/** @throws EtcdError not_found if the key did not exist just before either */
export async function openGone(
  session: Session,
  client: Client,
  address: Address & { revision: Revision },
  header: Header,
  options: CallOptions,
): Promise<OpenedGone> {
  const { key, revision } = address;
  const before = await keyBefore(client, key, revision, options);
  if (!before) throw missing(client, `the key did not exist at revision ${revision}`);
  const isExpired = await hasEnded(client, before.lease, options);
  return {
    kind: 'key',
    address: formatAddress(address),
    bytes: 0,
    file: session.bodies().offer(''),
    plain: true,
    json: false,
    mod_revision: '0',
    cluster_id: header.clusterId,
    seen: formatSeen(header),
    digest: '',
    past: true,
    ...shownStanding(session.settings(address.profile), key),
    stale: false,
    gone: isExpired ? 'expired' : 'deleted',
  };
}

async function keyBefore(client: Client, key: string, revision: Revision, options: CallOptions) {
  try {
    return revision === '1' ? undefined : (await readKey(client, key, String(BigInt(revision) - 1n), options)).kv;
  } catch (thrown) {
    if (isEtcdError(thrown, 'compacted')) return undefined;
    throw thrown;
  }
}
