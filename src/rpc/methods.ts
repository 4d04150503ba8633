/** What each method does, in terms of the keyspace; params were checked before. */
import { EtcdError, type CallOptions } from '../etcd/index.js';
import { formatAddress } from '../keyspace/address.js';
import { completeAddress } from '../keyspace/completion.js';
import { readKey } from '../keyspace/document.js';
import type { LevelRequest } from '../keyspace/listing.js';
import { removeOrphans } from './directory.js';
import { checkHealth } from './health.js';
import { createListings } from './listings.js';
import { log, logged } from './log.js';
import { PROTOCOL, type Method, type Methods } from './protocol.js';
import { openAddress } from './open.js';
import { previewPut } from './preview.js';
import { put, theirs } from './put.js';
import type { Session } from './session.js';
import { status } from './status.js';
import { keyAddress, missing, offerValue } from './value.js';

export interface RequestOptions extends CallOptions {
  /** Gives the request another deadline, in ms since it came, and tells the editor; what to go on with. */
  allow(ms: number): RequestOptions;
}

export type Handlers = {
  [M in Method]: (params: Methods[M]['params'], options: RequestOptions) => Promise<Methods[M]['result']>;
};

/** One function a method of the protocol; each throws EtcdError. */
export function createHandlers(session: Session): Handlers {
  const listings = createListings(session);
  return {
    async hello({ protocol, owner, dir }) {
      if (protocol !== PROTOCOL) {
        throw new EtcdError('unsupported', `the editor speaks protocol ${protocol}, this build ${PROTOCOL}`, {
          hint: 'restart the editor',
        });
      }
      session.setDirectory(owner ?? `${process.ppid}-0`, dir);
      removeOrphans().catch((thrown: unknown) => log(`what dead editors left was not removed: ${String(thrown)}`));
      return Promise.resolve({ protocol: PROTOCOL, node: process.version, pid: process.pid, dir: session.bodies().dir });
    },

    async configure(settings) {
      session.configure(settings);
      listings.clear();
      return Promise.resolve({});
    },

    open: (params, options) => openAddress(session, listings, params, options),

    async read({ name }, options) {
      const address = keyAddress(session, name);
      const client = session.client(address.profile);
      const { header, kv, stale } = await readKey(client, address.key, address.revision, options, true);
      if (!kv) throw missing(client, 'there is no such key');
      return offerValue(session, address, kv, { header, stale });
    },

    more: (params) => listings.more(params),
    stop: async ({ stream }) => Promise.resolve(listings.stop(stream)),
    put: (params, options) => put(session, listings, params, options),
    preview: (params, options) => previewPut(session, params, options),
    theirs: (params, options) => theirs(session, params, options),
    status: ({ profile }, options) => status(session, profile, options),

    async login({ profile, what, secret }) {
      session.answer(profile, what, secret);
      return Promise.resolve({});
    },

    async complete({ text, max, shadow }, options) {
      const list = (profile: string, request: LevelRequest) => listings.complete(profile, request, options);
      const found = await completeAddress(text, session.profiles(), list, max, session.short());
      const isReadable = session.isUnicode() || isAscii(found.stem + found.names.join(''));
      if (!shadow || found.more || !isReadable) return found;
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

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
