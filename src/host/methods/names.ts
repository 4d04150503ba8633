/** `names`: the names that have come and gone in a watched listing, since the editor was last told. */
import * as v from 'valibot';
import { isEtcdError, type Client, type Revision } from '../../client/index.js';
import type { Address } from '../../keyspace/address.js';
import { firstKeys } from '../../keyspace/listing/first-keys.js';
import { lineOf } from '../lines.js';
import type { OpenedListing } from '../listings.js';
import type { Listed } from '../live/told.js';
import { int64 } from '../params.js';
import { defineMethod, type Host, type RequestOptions } from './method.js';

const params = v.object({
  /** The address of the listing. */
  name: v.string(),
  /** All names are wanted, because the editor's names are not those of the newest listing. */
  whole: v.boolean(),
  /** The revision of the editor's names. It has not taken in what was told later. */
  revision: int64,
});
export type NamesWanted = v.InferOutput<typeof params>;

/** Names as they are at that revision, in etcd's byte order. Names that are not listed have not changed. */
export interface NamesChanged {
  revision: Revision;
  /** They exist, and may have existed before. */
  come: string[];
  /** They do not exist. */
  gone: string[];
}

export const names = defineMethod({ failure: 'cannot list again', timeout: 'list', params, run: namesNow });

/** All names, if it is not known which of them have changed. */
async function namesNow(
  { name, whole, revision }: NamesWanted,
  host: Host,
  options: RequestOptions,
): Promise<NamesChanged | OpenedListing> {
  const { session, live, listings } = host;
  const address = session.address(name);
  const client = session.client(address.profile);
  const listed = live.listed(address);
  if (listed && BigInt(revision) < BigInt(listed.given)) listed.names.lose();
  const began = performance.now();
  try {
    const changed = listed && (await namesChanged(client, address, listed, whole, options));
    const answer = changed ?? (await listings.open(client, address, false, options));
    listed?.give(answer.revision, performance.now() - began);
    return answer;
  } catch (thrown) {
    listed?.fail(isEtcdError(thrown) && thrown.retryable);
    throw thrown;
  }
}

/** undefined: that is not known. */
async function namesChanged(
  client: Client,
  { key: prefix }: Address,
  { names: heard, at }: Listed,
  whole: boolean,
  options: RequestOptions,
): Promise<NamesChanged | undefined> {
  // Also if all names are read, because what was heard so far is part of them.
  const known = heard.take();
  if (!known || whole) return undefined;
  const first = await firstKeys(client, { prefix, names: known.doubtful, revision: at }, options).catch((thrown: unknown) => {
    // The past may be compacted, or the roles may not allow the whole range.
    if (isEtcdError(thrown, 'compacted', 'permission_denied')) return undefined;
    throw thrown;
  });
  if (!first) return undefined;
  for (const key of first) if (key !== undefined) heard.found(key);
  const has = (wanted: boolean): string[] => known.doubtful.filter((_, i) => (first[i] !== undefined) === wanted);
  return { revision: at, come: lines([...known.there, ...has(true)]), gone: lines([...known.gone, ...has(false)]) };
}

function lines(found: readonly string[]): string[] {
  return [...found].sort((one, other) => (one < other ? -1 : 1)).map(lineOf);
}
