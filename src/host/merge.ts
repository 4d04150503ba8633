/** Merges someone else's change into the text of a buffer: JSON or YAML, field by field. It writes nothing. */
import { EtcdError, type CallOptions } from '../client/index.js';
import { formatAddress } from '../keyspace/address.js';
import { firstNames } from '../keyspace/plan/words.js';
import { mergeJson, type Merged } from '../keyspace/views/merge.js';
import { mergeYaml } from '../keyspace/views/merge-yaml.js';
import { asBase, readBeside, valueAsOf } from './base.js';
import { checkFormat } from './formats.js';
import type { Merge, MergeDone } from './methods/merge.js';
import type { Session } from './session.js';
import { wordsOf } from './validate.js';
import { describeValue, keyAddress, missing } from './value.js';
import { shownAs } from './views.js';

const HINT = ':Etcd diff shows both sides';
/** The byte order mark in UTF-8, byte by byte. */
const BOM = '\xef\xbb\xbf';

/** @throws EtcdError conflict, which names the fields that both sides have changed; invalid_value if a side is neither JSON nor YAML */
export async function merge(session: Session, { name, file, base: own, base_revision }: Merge, options: CallOptions): Promise<MergeDone> {
  const address = keyAddress(session, name);
  const client = session.client(address.profile);
  const ours = session.bodies().take(file);
  const { header, kv, foreign } = await readBeside(client, address.key, asBase(own), options);
  if (foreign) throw new EtcdError('cluster_changed', 'another cluster answers there', { hint: HINT });
  if (!kv) throw missing(client, 'the key is deleted, so there is nothing to merge with');
  if (base_revision === '0') throw new EtcdError('conflict', 'the key is new on both sides', { hint: HINT });
  const base = await valueAsOf(client, { key: address.key, revision: base_revision, clusterId: header.clusterId }, options);
  if (!base) throw new EtcdError('compacted', 'what was read is gone, so nobody knows who has changed what', { hint: HINT });
  const text = textOf(await mergeTexts(shownAs(address, base.value), ours, shownAs(address, kv.value)));
  const theirs = describeValue(session, address, kv, header);
  try {
    return { address: formatAddress(address), file: session.bodies().offer(text), theirs };
  } catch (thrown) {
    session.withdraw(theirs);
    throw thrown;
  }
}

/**
 * Merges what was read, ours and theirs: as JSON if all three are JSON, else as YAML. Nearly all JSON is YAML, too.
 * @param ours the lines of an editor, without a newline at the end. The result has none either
 * @throws EtcdError invalid_value if one of them is neither
 */
export async function mergeTexts(read: Buffer, ours: Buffer, there: Buffer): Promise<Merged> {
  const merged = await mergeSides([
    { what: 'what was read', value: asLinesOf(ours, read) },
    { what: 'the text', value: asLinesOf(ours, ours) },
    { what: 'what etcd holds', value: asLinesOf(ours, there) },
  ]);
  return 'text' in merged ? { text: merged.text.replace(/\n$/, '') } : merged;
}

/**
 * A value as its lines would be in the buffer of our text, each with a newline. The editor keeps some things apart from the lines: the
 * byte order mark, what ends a line, and whether the last line has an end. They are left out.
 */
function asLinesOf(ours: Buffer, value: Buffer): Buffer {
  const [text, own] = [value.toString('latin1'), ours.toString('latin1')];
  const unmarked = own.startsWith(BOM) || !text.startsWith(BOM) ? text : text.slice(BOM.length);
  const lines = own.includes('\r\n') ? unmarked : unmarked.replaceAll('\r\n', '\n');
  return Buffer.from(value !== ours && lines.endsWith('\n') ? lines : `${lines}\n`, 'latin1');
}

interface Side {
  what: string;
  value: Buffer;
}

async function mergeSides(sides: [Side, Side, Side]): Promise<Merged> {
  const [base, ours, theirs] = sides.map(({ value }) => value.toString('utf8')) as [string, string, string];
  const faults = await Promise.all(sides.map(async ({ value }) => checkFormat('json', value)));
  if (faults.every((fault) => fault === undefined)) return mergeJson(base, ours, theirs);
  for (const { what, value } of sides) {
    const fault = await checkFormat('yaml', value);
    if (!fault) continue;
    const place = { line: fault.line ?? 1, column: fault.column ?? 1 };
    throw new EtcdError('invalid_value', `only JSON and YAML can be merged, and ${what} is neither: ${wordsOf(fault)}`, {
      hint: HINT,
      ...(what === 'the text' && { place }),
    });
  }
  return mergeYaml(base, ours, theirs);
}

function textOf(done: Merged): string {
  if ('text' in done) return done.text;
  const names = firstNames(done.conflicts, (field) => field, 5);
  throw new EtcdError('conflict', `both sides have changed ${names}`, { hint: HINT });
}
