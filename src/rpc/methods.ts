/** What each method does, in terms of the keyspace; params were checked before. */
import { isUtf8 } from 'node:buffer';
import { EtcdError, type CallOptions, type Client } from '../etcd/index.js';
import { formatAddress, parseAddress, type Address } from '../keyspace/address.js';
import { completeAddress } from '../keyspace/completion.js';
import { digestOf, isPrefix, readKey, writeKey, type Base } from '../keyspace/document.js';
import { checkHealth } from './health.js';
import { createListings, type Listings } from './listings.js';
import { logged } from './log.js';
import { PROTOCOL, type Complete, type Completed, type Method, type Methods, type Opened, type Put, type PutDone } from './protocol.js';
import type { Session } from './session.js';

export type Handlers = {
  [M in Method]: (params: Methods[M]['params'], options: CallOptions) => Promise<Methods[M]['result']>;
};

/** One function a method of the protocol; each throws EtcdError. */
export function createHandlers(session: Session): Handlers {
  const listings = createListings(session);
  return {
    async hello({ protocol, dir }) {
      if (protocol !== PROTOCOL) {
        throw new EtcdError('unsupported', `the editor speaks protocol ${protocol}, this build ${PROTOCOL}`, {
          hint: 'restart the editor',
        });
      }
      session.setDirectory(dir);
      return Promise.resolve({ protocol: PROTOCOL, node: process.version, pid: process.pid });
    },

    async configure(settings) {
      session.configure(settings);
      listings.clear();
      return Promise.resolve({});
    },

    async open({ name, stream = false }, options) {
      const address = parseAddress(name);
      const client = session.client(address.profile);
      if (address.kind === 'prefix') return listings.open(client, address, stream, options);
      const { header, kv } = await readKey(client, address.key, address.revision, options);
      if (kv) return offerValue(session, address, kv, header.clusterId);
      const below: Address = { ...address, kind: 'prefix', key: `${address.key}/` };
      if (await isPrefix(client, below.key, address.revision ?? header.revision, options))
        return listings.open(client, below, stream, options);
      if (address.revision !== undefined) throw missing(client, `the key did not exist at revision ${address.revision}`);
      return { kind: 'new', address: formatAddress(address), cluster_id: header.clusterId };
    },

    async read({ name }, options) {
      const address = parseAddress(name);
      const client = session.client(address.profile);
      if (address.kind === 'prefix') throw new EtcdError('invalid_address', 'that is a prefix, not a key');
      const { header, kv } = await readKey(client, address.key, address.revision, options);
      if (!kv) throw missing(client, 'there is no such key');
      return offerValue(session, address, kv, header.clusterId);
    },

    more: (params) => listings.more(params),
    stop: async ({ stream }) => Promise.resolve(listings.stop(stream)),
    put: (params, options) => put(session, listings, params, options),

    complete: (params, options) => complete(session, listings, params, options),

    async canonical({ name }) {
      const address = parseAddress(name);
      return Promise.resolve({ address: formatAddress(address), kind: address.kind });
    },

    async warm(_, options) {
      await session.client('').range({ key: '\0', keysOnly: true }, options);
      return {};
    },

    health: async (_, options) => ({ lines: await checkHealth(session, options) }),
    log: async () => Promise.resolve({ lines: logged() }),
  };
}

async function put(session: Session, listings: Listings, { name, file, append, base, force }: Put, options: CallOptions): Promise<PutDone> {
  const address = parseAddress(name);
  if (address.kind === 'prefix') throw new EtcdError('invalid_address', 'a prefix cannot be written', { hint: 'give the name of a key' });
  if (address.revision !== undefined)
    throw new EtcdError('invalid_address', 'the past cannot be written', { hint: 'write to the address without ?rev=' });
  const client = session.client(address.profile);
  const text = session.bodies().take(file);
  const canonical = formatAddress(address);
  const own = base?.address === canonical ? asBase(base) : undefined;
  const target = append ? await appended(client, address, text, force ?? false, options) : { value: text, ...(own && { base: own }) };
  const written = await writeKey(client, { key: address.key, ...target, force: (force ?? false) && !append }, options);
  if (written.created) listings.changed(address);
  return {
    address: canonical,
    bytes: target.value.length,
    mod_revision: written.modRevision,
    ...(written.created && { create_revision: written.modRevision }),
    digest: written.digest,
    cluster_id: written.clusterId,
    created: written.created,
    unchanged: written.unchanged,
  };
}

async function complete(session: Session, listings: Listings, { text, max, shadow }: Complete, options: CallOptions): Promise<Completed> {
  const found = await completeAddress(text, session.profiles(), (profile, request) => listings.complete(profile, request, options), max);
  if (!shadow || found.more) return found;
  const directory = session.bodies().shadow(found.stem, found.names);
  return { ...found, ...(directory !== undefined && { shadow: directory }) };
}

function asBase(base: { mod_revision: string; digest: string; cluster_id: string }): Base {
  return { modRevision: base.mod_revision, digest: base.digest, clusterId: base.cluster_id };
}

/** `:w >>`: behind the value that is there now, fenced by its revision; with `!` a key that is not there is created. */
async function appended(
  client: Client,
  address: Address,
  text: Buffer,
  force: boolean,
  options: CallOptions,
): Promise<{ value: Buffer; base?: Base }> {
  const { header, kv } = await readKey(client, address.key, undefined, options);
  if (!kv && !force) throw missing(client, 'there is no such key to append to');
  if (!kv) return { value: text };
  const base = { modRevision: kv.modRevision, digest: digestOf(kv.value), clusterId: header.clusterId };
  return { value: Buffer.concat([kv.value, text]), base };
}

function missing(client: Client, why: string): EtcdError {
  return new EtcdError('not_found', why, { endpoint: client.endpoint() });
}

function offerValue(
  session: Session,
  address: Address,
  kv: NonNullable<Awaited<ReturnType<typeof readKey>>['kv']>,
  clusterId: string,
): Opened {
  return {
    kind: 'key',
    address: formatAddress(address),
    file: session.bodies().offer(kv.value),
    plain: isPlain(kv.value),
    bytes: kv.value.length,
    mod_revision: kv.modRevision,
    create_revision: kv.createRevision,
    version: kv.version,
    lease: kv.lease,
    cluster_id: clusterId,
    digest: digestOf(kv.value),
    past: address.revision !== undefined,
  };
}

function isPlain(value: Buffer): boolean {
  return isUtf8(value) && !value.includes(0) && !value.includes(0x1a) && !value.includes('\ufeff');
}
