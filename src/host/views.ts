/** Values in other forms (keyspace/views): what the editor shows, and what it gives back. */
import { EtcdError, type CallOptions, type Client } from '../client/index.js';
import type { Address } from '../keyspace/address.js';
import { readKey, type Base } from '../keyspace/document.js';
import { isFolded } from '../keyspace/views/json.js';
import { views } from '../keyspace/views/view.js';
import { valueAsOf } from './base.js';
import { checkFormat } from './formats.js';
import { matchesKey } from './patterns.js';
import { wordsOf } from './validate.js';

const HINT = ':Etcd as text shows the value as it is';

/**
 * The value as the address shows it.
 * @throws EtcdError invalid_value if it cannot be shown that way
 */
export function shownAs({ as = 'text' }: Address, value: Buffer): Buffer {
  try {
    return views[as].show(value);
  } catch (thrown) {
    throw hinted(thrown);
  }
}

/**
 * The value that the text of an editor stands for, in the style of what was read.
 * @param base what the text was read at; undefined: what is there now gives the style
 * @throws EtcdError invalid_value, with the place if it is known; those of reading a key
 */
export async function writtenAs(
  client: Client,
  { key, as = 'text' }: Address,
  text: Buffer,
  base: Base | undefined,
  options: CallOptions,
): Promise<Buffer> {
  if (as === 'text') return text;
  const fault = as === 'json' ? await checkFormat('json', text) : undefined;
  if (fault) {
    const { line = 1, column = 1 } = fault;
    throw new EtcdError('invalid_value', `no valid JSON: ${wordsOf(fault)}`, { place: { line, column }, hint: HINT });
  }
  return views[as].write(text, await originalOf(client, key, base, options));
}

/** If only the present is left, that gives the style. The written value still means the same, and the put tells of the conflict. */
async function originalOf(client: Client, key: string, base: Base | undefined, options: CallOptions): Promise<Buffer | undefined> {
  const { header, kv } = await readKey(client, key, undefined, options);
  if (!base || base.modRevision === '0' || base.modRevision === kv?.modRevision) return kv?.value;
  const read = await valueAsOf(client, { key, revision: base.modRevision, clusterId: header.clusterId }, options);
  return (read ?? kv)?.value;
}

/** @throws EtcdError invalid_address, because a view does not show what to put between two values */
export function refuseAppend({ as = 'text' }: Address): void {
  if (as === 'text') return;
  throw new EtcdError('invalid_address', `nothing can be added to a value that is shown as ${as}`, { hint: HINT });
}

/**
 * The address under which a value is opened. JSON of one line is shown indented if the user wants that. Only then the raw value needs a
 * name of its own.
 * @param patterns like those of `g:etcd.validate`
 */
export function prettyAddress(patterns: readonly string[], address: Address, value: Buffer): Address {
  const { as, ...plain } = address;
  const isPretty = patterns.some((pattern) => matchesKey(pattern, address.key));
  if (!isPretty || as !== undefined) return as === 'text' && !isPretty ? plain : address;
  return isFolded(value) ? { ...address, as: 'json' } : address;
}

/**
 * The address under which a value is opened as it is, even if the user wants another form.
 * @param patterns as for prettyAddress()
 */
export function asItIs(patterns: readonly string[], address: Address, value: Buffer): Address {
  return prettyAddress(patterns, address, value).as === undefined ? address : { ...address, as: 'text' };
}

function hinted(thrown: unknown): unknown {
  if (!(thrown instanceof EtcdError)) return thrown;
  return new EtcdError(thrown.code, thrown.message, { cause: thrown, hint: thrown.hint ?? HINT });
}
