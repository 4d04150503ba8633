/** A prefix as a document: all keys below it at one revision, with the base that a write of it needs. */
import { EtcdError, type CallOptions, type Client, type Header, type Key, type KeyValue, type Revision } from '../../client/index.js';
import type { Format } from '../address.js';
import type { Span } from '../listing/scope.js';
import { readSubtree, spanBelow, type SubtreePage } from '../subtree.js';
import { knownOf, MOST_KEYS, type DocumentBase } from './base.js';
import type { Entry, HeldText } from './entry.js';
import { codecOf } from './formats.js';
import { linesTo, streamLines, type WriteLines } from './lines.js';

export interface DocumentRequest {
  prefix: Key;
  format: Format;
  /** The revision to read at. The default is the newest. */
  revision?: Revision;
}

/** What is known of a document once all of it was written. */
export interface Shown {
  /** The header of the first answer. */
  header: Header;
  revision: Revision;
  keys: number;
  /** Only what the user's roles allow to see. */
  scoped: boolean;
  /** undefined: there are more keys than MOST_KEYS. */
  base: DocumentBase | undefined;
  /** The text, if its format can compare others with it. */
  held?: HeldText | undefined;
}

/** The most bytes of keys and values in one document, if its format needs all of them at once. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * @param write gets the text, part by part
 * @param options the budget is that of each page
 * @throws EtcdError invalid_value for what the format cannot hold, too_large for more than it can hold, and as readSubtree()
 */
export async function showDocument(
  client: Client,
  { prefix, format, revision }: DocumentRequest,
  write: (part: string) => void,
  options: CallOptions,
): Promise<Shown> {
  const span = { ...spanBelow(prefix), ...(revision !== undefined && { revision }) };
  const writeLines = linesTo(client, { prefix, isNow: revision === undefined }, write, options);
  const whole: Entry[] = [];
  let [shown, bytes]: [Shown | undefined, number] = [undefined, 0];
  for await (const page of readSubtree(client, span, options)) {
    const { header, scoped, kvs, left } = page;
    if (format === 'jsonl' && !shown && !scoped && left > MOST_KEYS) return showStreamed(client, { ...span, page }, writeLines, options);
    shown ??= { header, revision: page.revision, keys: 0, scoped, base: new Map() };
    note(shown, kvs);
    if (format === 'jsonl') {
      await writeLines(kvs);
      continue;
    }
    for (const kv of kvs) {
      bytes += kv.key.length + kv.value.length;
      whole.push(entryOf(prefix, kv));
    }
    if (bytes > MOST_BYTES) throw tooMuch(client);
  }
  if (!shown) throw new EtcdError('internal', 'a range without a page');
  if (format === 'jsonl') return shown;
  const codec = codecOf(format);
  const { text, held } = codec.encodeHeld?.(whole) ?? { text: codec.encode(whole), held: undefined };
  write(text);
  return { ...shown, held };
}

/** There are more keys than can be written back, so the rest is streamed and nothing of it is kept. @param page the first one */
async function showStreamed(
  client: Client,
  { start, end, page: { header, revision } }: Span & { page: SubtreePage },
  writeLines: WriteLines,
  options: CallOptions,
): Promise<Shown> {
  const request = { start, end, revision, clusterId: header.clusterId };
  const { source, keys } = await streamLines(client, request, writeLines, options);
  return { header, revision, keys, scoped: source.scoped, base: undefined };
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
