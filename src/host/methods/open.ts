/** `open`: what an address is for the editor: a value, a listing, or a key that does not exist yet. */
import * as v from 'valibot';
import { asDenied, isEtcdError } from '../../client/index.js';
import { formatAddress, type Address } from '../../keyspace/address.js';
import { isPrefix, readKey } from '../../keyspace/document.js';
import type { OpenedDocument } from '../documents.js';
import type { OpenedEdit } from '../edits.js';
import type { OpenedListing } from '../listings.js';
import { rooted } from '../rooted.js';
import { shownStanding } from '../rules.js';
import { formatSeen } from '../seen.js';
import type { OpenedGone } from '../gone.js';
import { offerValue, type Opened } from '../value.js';
import { prettyAddress } from '../views.js';
import { late } from './lately.js';
import { defineEarly, type EarlyHost, type RequestOptions } from './method.js';

const numbers = v.object({
  /** The greatest number that the editor has given so far. */
  last: v.number(),
  /** The texts that were applied: addresses, and files of what they began with (not if there is only one text) and of what they are now. */
  texts: v.array(v.object({ name: v.string(), base: v.exactOptional(v.string()), text: v.string() })),
  /** Which of them is to be listed. */
  own: v.number(),
});
export type Numbers = v.InferOutput<typeof numbers>;

const params = v.object({
  /** An address, as typed or canonical. */
  name: v.string(),
  /** A listing that takes long may be answered with its beginning. The editor takes the rest by `more`. */
  stream: v.exactOptional(v.boolean()),
  /** If an edited listing is listed again, its names come with numbers. */
  numbers: v.exactOptional(numbers),
});
export type Open = v.InferOutput<typeof params>;

export interface OpenedNew {
  kind: 'new';
  address: string;
  cluster_id: string;
  seen: string;
  readonly: boolean;
  note?: string;
  stale: boolean;
  /** There is only data of etcd's v2 API. */
  old_data: boolean;
}

export const open = defineEarly({ failure: 'cannot read', timeout: 'read', params, run: openAddress });

async function openAddress(
  { name, stream = false, numbers: wanted }: Open,
  { session, listings }: EarlyHost,
  options: RequestOptions,
): Promise<Opened | OpenedGone | OpenedNew | OpenedListing | OpenedDocument | OpenedEdit> {
  const address = rooted(session, session.address(name));
  const client = session.client(address.profile);
  const { format, edit } = address;
  if (format !== undefined) return (await late()).openDocument(session, client, { ...address, format }, options.allow('list'));
  if (edit !== undefined) return (await late()).openEdit(session, client, { ...address, edit }, options.allow('list'), wanted);
  if (address.kind === 'prefix') return listings.open(client, address, stream, options.allow('list'));
  const below: Address = { ...address, kind: 'prefix', key: `${address.key}/` };
  const read = await readKey(client, address.key, address.revision, options, true).catch(asDenied);
  if (isEtcdError(read)) {
    // A user whose roles name only prefixes may not ask for the key, but may be looking for the prefix.
    return listings.open(client, below, stream, options.allow('list')).catch(() => Promise.reject(read));
  }
  const { header, kv, stale } = read;
  if (kv && address.revision === undefined && !stale) session.looks.see(address.profile, kv.lease);
  if (kv) return offerValue(session, prettyAddress(session.pretty(), address, kv.value), kv, { header, stale });
  const at = { ...header, ...(address.revision !== undefined && { revision: address.revision }) };
  // This question, too, takes etcd longer if there are more keys below.
  const longer = options.allow('list');
  const isBelow = await isPrefix(client, below.key, at, longer, stale).catch(asDenied);
  if (isBelow === true) return listings.open(client, below, stream, longer);
  if (address.revision !== undefined) {
    return (await late()).openGone(session, client, { ...address, revision: address.revision }, header, options);
  }
  return {
    kind: 'new',
    address: formatAddress(address),
    cluster_id: header.clusterId,
    seen: formatSeen(header),
    ...shownStanding(session.settings(address.profile), address.key),
    stale,
    old_data: await client.hasOldData(header, options),
  };
}
