/** A prefix as a document: all keys below it at one revision, with what a write of it has to know. */
import { EtcdError, type CallOptions, type Client, type Header, type Key, type KeyValue, type Revision } from '../../client/index.js';
import type { Format } from '../address.js';
import { readSubtree, spanBelow } from '../subtree.js';
import { knownOf, MOST_KEYS, type DocumentBase } from './base.js';
import type { Entry } from './entry.js';
import { codecOf } from './formats.js';
import { encodeLine } from './jsonl.js';

export interface DocumentRequest {
  prefix: Key;
  format: Format;
  /** The newest one without it. */
  revision?: Revision;
}

/** What is known of a document when all of it was written. */
export interface Shown {
  /** Of the first answer. */
  header: Header;
  revision: Revision;
  keys: number;
  /** Only what the user's roles allow to see. */
  scoped: boolean;
  /** undefined: there are more keys than MOST_KEYS. */
  base: DocumentBase | undefined;
}

/** Bytes of keys and values that are made into one document whose format needs all of them at once. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * @param write gets the text, part by part
 * @param options the budget is that of each page
 * @throws EtcdError invalid_value for what the format cannot hold, too_large for what is more than it can, and as readSubtree()
 */
export async function showDocument(
  client: Client,
  { prefix, format, revision }: DocumentRequest,
  write: (part: string) => void,
  options: CallOptions,
): Promise<Shown> {
  const whole: Entry[] = [];
  const leases = leasesOf(client, revision === undefined, options);
  let [shown, bytes]: [Shown | undefined, number] = [undefined, 0];
  for await (const page of readSubtree(client, { ...spanBelow(prefix), ...(revision !== undefined && { revision }) }, options)) {
    const { header, scoped, kvs } = page;
    shown ??= { header, revision: page.revision, keys: 0, scoped, base: new Map() };
    note(shown, kvs);
    if (format === 'jsonl') {
      const ttls = await leases(kvs);
      write(kvs.map((kv) => encodeLine({ ...entryOf(prefix, kv), lease: kv.lease, ...ttls(kv.lease) })).join(''));
      continue;
    }
    for (const kv of kvs) {
      bytes += kv.key.length + kv.value.length;
      whole.push(entryOf(prefix, kv));
    }
    if (bytes > MOST_BYTES) throw tooMuch(client);
  }
  if (!shown) throw new EtcdError('internal', 'a range without a page');
  if (format !== 'jsonl') write((await codecOf(format)).encode(whole));
  return shown;
}

function entryOf(prefix: Key, { key, value }: KeyValue): Entry {
  return { key: key.slice(prefix.length), value };
}

function note(shown: Shown, kvs: readonly KeyValue[]): void {
  shown.keys += kvs.length;
  if (shown.keys > MOST_KEYS) shown.base = undefined;
  for (const kv of kvs) shown.base?.set(kv.key, knownOf(kv));
}

function tooMuch(client: Client): EtcdError {
  const hint = '?jsonl is read part by part, of any size';
  return new EtcdError('too_large', `more than ${MOST_BYTES >> 20} MiB are no document of this format`, {
    hint,
    endpoint: client.endpoint(),
  });
}

/** Asks once for each lease what it has left. Of the past nobody knows. */
function leasesOf(client: Client, isNow: boolean, options: CallOptions) {
  const known = new Map<string, number>();
  return async (kvs: readonly KeyValue[]): Promise<(lease: string) => { ttl: number } | object> => {
    const asked = isNow ? [...new Set(kvs.map(({ lease }) => lease))].filter((lease) => lease !== '0' && !known.has(lease)) : [];
    for (let at = 0; at < asked.length; at += 16) {
      const some = asked.slice(at, at + 16);
      const left = await Promise.all(some.map((lease) => client.leaseTtl(lease, options).catch(() => -1)));
      some.forEach((lease, index) => known.set(lease, left[index] ?? -1));
    }
    return (lease) => ((known.get(lease) ?? -1) < 0 ? {} : { ttl: known.get(lease) });
  };
}
