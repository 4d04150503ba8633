/** `put` and what belongs to it: the base that a buffer gives back, appending, and the other sides of a conflict. */
import { changed, EtcdError, type CallOptions, type Client, type KeyValue, type RangeRequest } from '../etcd/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import { baseOf, readForWrite, writeKey, type Base } from '../keyspace/document.js';
import { asBase, readBeside } from './base.js';
import type { Listings } from './listings.js';
import type { Put, PutDone, Theirs, TheirsDone } from './protocol.js';
import { settingsOf } from './profiles.js';
import type { Session } from './session.js';
import { formatSeen } from './seen.js';
import { describeValue, keyAddress, missing } from './value.js';

/** @throws EtcdError permission_denied for a profile that is read-only, and what writeKey() throws */
export async function put(
  session: Session,
  listings: Listings,
  { name, file, append, base, force }: Put,
  options: CallOptions,
): Promise<PutDone> {
  const address = writableAddress(session, name);
  const text = session.bodies().take(file);
  const client = session.client(address.profile);
  const canonical = formatAddress(address);
  const own = base?.address === canonical ? asBase(base) : undefined;
  const target = append ? await appended(client, address, text, force ?? false, options) : { value: text, ...(own && { base: own }) };
  const { kv, ...written } = await writeKey(client, { key: address.key, ...target, force: (force ?? false) && !append }, options).catch(
    (thrown: unknown) => Promise.reject(append ? notAgain(thrown) : (thrown as Error)),
  );
  if (written.created) listings.changed(address);
  return {
    address: canonical,
    bytes: target.value.length,
    mod_revision: written.modRevision,
    ...(kv && { create_revision: kv.createRevision, version: kv.version, lease: kv.lease }),
    digest: written.digest,
    cluster_id: written.clusterId,
    ...(written.seen && { seen: formatSeen(written.seen) }),
    created: written.created,
    unchanged: written.unchanged,
    ...(written.now !== undefined && { now_revision: written.now }),
    ...(written.unasked !== undefined && { unasked: written.unasked }),
  };
}

/** @throws EtcdError invalid_address for what is no key of the present, permission_denied for a profile that is read-only */
export function writableAddress(session: Session, name: string): Address {
  const address = session.address(name);
  if (address.kind === 'prefix') throw new EtcdError('invalid_address', 'a prefix cannot be written', { hint: 'give the name of a key' });
  if (address.revision !== undefined)
    throw new EtcdError('invalid_address', 'the past cannot be written', { hint: 'write to the address without ?rev=' });
  refuseReadonly(session, address);
  return address;
}

/** The value as it is now, and as it was at the base, in files. */
export async function theirs(
  session: Session,
  { name, base: own, base_revision: revision }: Theirs,
  options: CallOptions,
): Promise<TheirsDone> {
  const address = keyAddress(session, name);
  const client = session.client(address.profile);
  const { header, kv, foreign } = await readBeside(client, address.key, own && asBase(own), options);
  const base =
    revision === undefined || revision === '0'
      ? undefined
      : await asOf(client, { key: address.key, revision, clusterId: header.clusterId }, options);
  const shown = { theirs: kv ? describeValue(session, kv, header) : null };
  try {
    const under = base ? { file: session.bodies().offer(base.value), mod_revision: base.modRevision } : null;
    return { address: formatAddress(address), foreign, ...shown, base: under };
  } catch (thrown) {
    session.withdraw(shown);
    throw thrown;
  }
}

async function asOf(client: Client, past: RangeRequest, options: CallOptions): Promise<KeyValue | undefined> {
  try {
    return (await client.range(past, options)).kvs[0];
  } catch (thrown) {
    // Gone, or of another cluster.
    if (thrown instanceof EtcdError && (thrown.code === 'compacted' || thrown.code === 'future_revision')) return undefined;
    throw thrown;
  }
}

/** What was appended may be there: once more would be twice. */
function notAgain(thrown: unknown): Error {
  const isUnknown = thrown instanceof EtcdError && thrown.code === 'outcome_unknown';
  return isUnknown ? changed(thrown, { hint: 'look at the key before you append again' }) : (thrown as Error);
}

function refuseReadonly(session: Session, { profile }: Address): void {
  if (!session.settings(profile).readonly) return;
  const name = profile === '' ? 'the default profile' : `profile ${profile}`;
  throw new EtcdError('permission_denied', `${name} is read-only`, { hint: `see ${settingsOf(profile)}.readonly` });
}

/** `:w >>`: behind the value that is there now, fenced by its revision; with `!` a key that is not there is created. */
async function appended(
  client: Client,
  address: Address,
  text: Buffer,
  force: boolean,
  options: CallOptions,
): Promise<{ value: Buffer; base?: Base }> {
  const there = await readForWrite(client, address.key, undefined, options);
  if (!there.kv && !force) throw missing(client, 'there is no such key to append to');
  const base = baseOf(there);
  return there.kv ? { value: Buffer.concat([there.kv.value, text]), base } : { value: text };
}
