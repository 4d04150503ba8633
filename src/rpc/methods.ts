/** What each method does, in terms of the keyspace; params were checked before. */
import { isUtf8 } from 'node:buffer';
import { EtcdError, type CallOptions, type Client } from '../etcd/index.js';
import { encodeSegments, formatAddress, type Address } from '../keyspace/address.js';
import { completeAddress } from '../keyspace/completion.js';
import { digestOf, isPrefix, readKey, writeKey, type Base } from '../keyspace/document.js';
import { listLevel } from '../keyspace/listing.js';
import { checkHealth } from './health.js';
import { log, logged } from './log.js';
import { PROTOCOL, type Method, type Methods, type Opened, type OpenedListing, type Put, type PutDone } from './protocol.js';
import { previewPut } from './preview.js';
import type { Session } from './session.js';

export type Handlers = {
  [M in Method]: (params: Methods[M]['params'], options: CallOptions) => Promise<Methods[M]['result']>;
};

/** ms after which a listing tells how far it is, and between one such word and the next. */
const PROGRESS_EVERY = 150;

/** One function a method of the protocol; each throws EtcdError. */
export function createHandlers(session: Session): Handlers {
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
      return Promise.resolve({});
    },

    async open({ name }, options) {
      const address = session.address(name);
      const client = session.client(address.profile);
      if (address.kind === 'prefix') return list(session, client, address, options);
      const { header, kv } = await readKey(client, address.key, address.revision, options);
      if (kv) return offerValue(session, address, kv, header.clusterId);
      const below: Address = { ...address, kind: 'prefix', key: `${address.key}/` };
      if (await isPrefix(client, below.key, address.revision ?? header.revision, options)) return list(session, client, below, options);
      if (address.revision !== undefined) throw missing(client, `the key did not exist at revision ${address.revision}`);
      return { kind: 'new', address: formatAddress(address), cluster_id: header.clusterId };
    },

    async read({ name }, options) {
      const address = session.address(name);
      const client = session.client(address.profile);
      if (address.kind === 'prefix') throw new EtcdError('invalid_address', 'that is a prefix, not a key');
      const { header, kv } = await readKey(client, address.key, address.revision, options);
      if (!kv) throw missing(client, 'there is no such key');
      return offerValue(session, address, kv, header.clusterId);
    },

    put: (params, options) => put(session, params, options),
    preview: (params, options) => previewPut(session, params, options),

    async complete({ text, max, shadow }, options) {
      const found = await completeAddress(text, session.profiles(), (profile) => session.client(profile), max, options, session.short());
      if (!shadow || found.more) return found;
      const directory = session.bodies().shadow(found.stem, found.names);
      return { ...found, ...(directory !== undefined && { shadow: directory }) };
    },

    async canonical({ name }) {
      const address = session.address(name);
      return Promise.resolve({ address: formatAddress(address), kind: address.kind });
    },

    async warm(_, options) {
      await session.client(session.short()).range({ key: '\0', keysOnly: true }, options);
      return {};
    },

    health: async (_, options) => ({ lines: await checkHealth(session, options) }),
    log: async () => Promise.resolve({ lines: logged() }),
  };
}

async function put(session: Session, { name, file, append, base, force }: Put, options: CallOptions): Promise<PutDone> {
  const address = session.address(name);
  if (address.kind === 'prefix') throw new EtcdError('invalid_address', 'a prefix cannot be written', { hint: 'give the name of a key' });
  if (address.revision !== undefined)
    throw new EtcdError('invalid_address', 'the past cannot be written', { hint: 'write to the address without ?rev=' });
  const client = session.client(address.profile);
  const text = session.bodies().take(file);
  const canonical = formatAddress(address);
  const own = base?.address === canonical ? asBase(base) : undefined;
  const target = append ? await appended(client, address, text, force ?? false, options) : { value: text, ...(own && { base: own }) };
  const written = await writeKey(client, { key: address.key, ...target, force: (force ?? false) && !append }, options);
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
  const level = await listLevel(client, { prefix: address.key, onProgress, ...(revision !== undefined && { revision }) }, options);
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
  };
}
