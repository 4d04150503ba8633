/** `put` and what belongs to it: the base that a buffer gives back, appending, and the other sides of a conflict. */
import { EtcdError, isEtcdError, spending, withTraits, type CallOptions, type Client } from '../client/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import { baseOf, digestOf, readForWrite, type Base } from '../keyspace/document.js';
import { writeKey } from '../keyspace/write/save.js';
import { asBase, readBeside, valueAsOf } from './base.js';
import { refuseReadonly, refuseUnasked } from './door.js';
import { checkFormat, isJsonText } from './formats.js';
import { refuseHeld } from './held.js';
import type { Listings } from './listings.js';
import type { RequestOptions } from './methods/method.js';
import type { Put, PutDone, Theirs, TheirsDone } from './protocol.js';
import type { Session } from './session.js';
import { formatSeen } from './seen.js';
import { validate, wordsOf } from './validate.js';
import { describeValue, keyAddress, missing } from './value.js';
import { refuseAppend, shownAs, writtenAs } from './views.js';

/** @throws EtcdError permission_denied if the profile or the key is read-only, or wants a question first; and what writeKey() throws */
export async function put(
  session: Session,
  listings: Listings,
  { name, file, append, base, force, asked, agreed, person, unchecked, json }: Put,
  options: RequestOptions,
): Promise<PutDone> {
  const left = spending(options);
  const address = writableAddress(session, name);
  refuseUnasked(session, address.profile, [address.key], asked);
  if (append) refuseAppend(address);
  const given = session.bodies().take(file);
  const client = session.client(address.profile);
  const canonical = formatAddress(address);
  const own = base?.address === canonical ? asBase(base) : undefined;
  const text = await writtenAs(client, address, given, own, options);
  const target = append ? await appended(client, address, text, force ?? false, options) : { value: text, ...(own && { base: own }) };
  const isSame = own?.digest === digestOf(target.value);
  if (!unchecked && !isSame) await validate(session.rules(), address.key, target.value, options);
  const holding = { lease: target.base?.lease, ...(agreed !== undefined && { agreed }), ...(person !== undefined && { person }) };
  if (!force && !asked && !isSame) await refuseHeld(session, address, holding, left());
  const request = { key: address.key, ...target, force: (force ?? false) && !append, unsent: () => options.unsent() };
  const { kv, ...written } = await writeKey(client, request, left()).catch((thrown: unknown) =>
    Promise.reject(append ? notAgain(thrown) : (thrown as Error)),
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
    ...(await formatOf(target.value, json ?? false)),
  };
}

/** @param was whether the value that was read was JSON */
async function formatOf(value: Buffer, was: boolean): Promise<Pick<PutDone, 'json' | 'broken'>> {
  const json = isJsonText(value);
  const fault = was && !json ? await checkFormat('json', value) : undefined;
  return { json, ...(fault && { broken: wordsOf(fault) }) };
}

/** @throws EtcdError invalid_address if it is not a key of the present, permission_denied if it is read-only */
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
      : await valueAsOf(client, { key: address.key, revision, clusterId: header.clusterId }, options);
  const before = base && shownAs(address, base.value);
  const shown = { theirs: kv ? describeValue(session, address, kv, header) : null };
  try {
    const under = base && before ? { file: session.bodies().offer(before), mod_revision: base.modRevision } : null;
    return { address: formatAddress(address), foreign, ...shown, base: under };
  } catch (thrown) {
    session.withdraw(shown);
    throw thrown;
  }
}

/** The appended lines may be there already, and a second time would double them. */
function notAgain(thrown: unknown): Error {
  const isUnknown = isEtcdError(thrown, 'outcome_unknown');
  return isUnknown ? withTraits(thrown, { hint: 'look at the key before you append again' }) : (thrown as Error);
}

/** `:w >>`: adds to the value that is there now, and compares its revision. With `!` a key that does not exist is created. */
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
