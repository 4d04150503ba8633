/**
 * What Kubernetes stores (k8s.io/apimachinery, runtime.Unknown), shown as YAML, only for reading. Its envelope and the metadata that
 * all objects have are shown with their names. Other fields are shown with their numbers, because only the schema of the kind knows
 * their names. A text may also be a message that happens to be printable; then a comment says so. ConfigMaps and Secrets have names,
 * too: their bytes are the user's own and could look like messages.
 */
import { EtcdError } from '../../client/index.js';
import { isText } from '../look/excerpt.js';
import { fieldsOf, type WireField, type WireValue } from './protobuf.js';
import type { View } from './view.js';

const MAGIC = Buffer.from('k8s\0');
/** Levels of messages in messages. Deeper ones are shown as bytes. */
const DEEPEST = 50;

export const k8s: View = {
  show(value) {
    return Buffer.from(`${envelopeOf(value).join('\n')}\n`);
  },
  write(text, original) {
    if (original && k8s.show(original).equals(text)) return original;
    throw new EtcdError('invalid_value', 'a value of Kubernetes can only be read here', { hint: 'kubectl edit changes it' });
  },
};

/** What a field is: its name and how it is shown. `each`: it may occur several times. */
interface Known {
  name: string;
  as: 'text' | 'number' | 'flag' | 'time' | 'pairs' | 'pairs of bytes' | Schema;
  each?: boolean;
}
type Schema = Readonly<Record<number, Known>>;

const OWNER: Schema = {
  1: { name: 'kind', as: 'text' },
  3: { name: 'name', as: 'text' },
  4: { name: 'uid', as: 'text' },
  5: { name: 'apiVersion', as: 'text' },
  6: { name: 'controller', as: 'flag' },
  7: { name: 'blockOwnerDeletion', as: 'flag' },
};

const MANAGED: Schema = {
  1: { name: 'manager', as: 'text' },
  2: { name: 'operation', as: 'text' },
  3: { name: 'apiVersion', as: 'text' },
  4: { name: 'time', as: 'time' },
  6: { name: 'fieldsType', as: 'text' },
  7: { name: 'fieldsV1', as: { 1: { name: 'raw', as: 'text' } } },
  8: { name: 'subresource', as: 'text' },
};

/** metav1.ObjectMeta, which is field 1 of each object. Field numbers are never reused for something else. */
const METADATA: Schema = {
  1: { name: 'name', as: 'text' },
  2: { name: 'generateName', as: 'text' },
  3: { name: 'namespace', as: 'text' },
  4: { name: 'selfLink', as: 'text' },
  5: { name: 'uid', as: 'text' },
  6: { name: 'resourceVersion', as: 'text' },
  7: { name: 'generation', as: 'number' },
  8: { name: 'creationTimestamp', as: 'time' },
  9: { name: 'deletionTimestamp', as: 'time' },
  10: { name: 'deletionGracePeriodSeconds', as: 'number' },
  11: { name: 'labels', as: 'pairs', each: true },
  12: { name: 'annotations', as: 'pairs', each: true },
  13: { name: 'ownerReferences', as: OWNER, each: true },
  14: { name: 'finalizers', as: 'text', each: true },
  17: { name: 'managedFields', as: MANAGED, each: true },
};

const OBJECT: Schema = { 1: { name: 'metadata', as: METADATA } };

/** By apiVersion and kind. */
const OBJECTS: ReadonlyMap<string, Schema> = new Map([
  [
    'v1 ConfigMap',
    {
      ...OBJECT,
      2: { name: 'data', as: 'pairs', each: true },
      3: { name: 'binaryData', as: 'pairs of bytes', each: true },
      4: { name: 'immutable', as: 'flag' },
    },
  ],
  [
    'v1 Secret',
    {
      ...OBJECT,
      2: { name: 'data', as: 'pairs of bytes', each: true },
      3: { name: 'type', as: 'text' },
      4: { name: 'stringData', as: 'pairs', each: true },
      5: { name: 'immutable', as: 'flag' },
    },
  ],
]);

const TYPE: Schema = { 1: { name: 'apiVersion', as: 'text' }, 2: { name: 'kind', as: 'text' } };

function envelopeOf(value: Buffer): string[] {
  const isOurs = value.subarray(0, MAGIC.length).equals(MAGIC);
  const fields = isOurs ? fieldsOf(value.subarray(MAGIC.length)) : undefined;
  if (!fields) throw new EtcdError('invalid_value', isOurs ? 'the message of Kubernetes is broken' : 'Kubernetes has not made it');
  const bytesOf = (number: number): Buffer => lastOf(fields, number);
  const types = named(bytesOf(1), TYPE, 0) ?? [];
  const [raw, encoding, type] = [bytesOf(2), bytesOf(3), bytesOf(4)];
  const notes = [
    ['contentEncoding', encoding],
    ['contentType', type],
  ].flatMap(([name, bytes]) => (bytes?.length ? [`# ${String(name)}: ${JSON.stringify(String(bytes))}`] : []));
  if (encoding.length > 0 || !/^(?:application\/vnd\.kubernetes\.protobuf)?$/.test(type.toString()))
    return [...types, ...notes, `raw: ${scalar(raw)}`];
  const own = OBJECTS.get([1, 2].map((number) => String(lastOf(fieldsOf(bytesOf(1)) ?? [], number))).join(' '));
  const object = own && named(raw, own, 0);
  if (object) return [...types, ...notes, ...object];
  return [
    ...types,
    ...notes,
    '# fields of the object by their numbers, but for its metadata; bytes may look like fields',
    ...objectOf(raw),
  ];
}

/** A field that occurs once. If it occurs more often, the last one counts. */
function lastOf(fields: readonly WireField[], number: number): Buffer {
  const found = fields.findLast((field) => field.number === number)?.value;
  return found?.kind === 'bytes' ? found.bytes : Buffer.alloc(0);
}

function objectOf(raw: Buffer): string[] {
  const fields = fieldsOf(raw);
  return fields ? (named(raw, OBJECT, 0) ?? numbered(fields, 0)) : [`raw: ${scalar(raw)}`];
}

/** @returns undefined if anything differs from the schema, because then it is something else */
function named(message: Buffer, schema: Schema, depth: number): string[] | undefined {
  const fields = fieldsOf(message);
  if (!fields) return undefined;
  const seen = new Map<number, string[]>();
  for (const { number, value } of fields) {
    const known = schema[number];
    if (!known) continue;
    const own = shown(known, value, depth);
    const before = seen.get(number);
    if (!own || (before && !known.each)) return undefined;
    seen.set(number, before ? [...before, ...own] : known.each ? [`${indent(depth)}${known.name}:`, ...own] : own);
  }
  const others = fields.filter(({ number }) => !schema[number]);
  return [...[...seen.values()].flat(), ...numbered(others, depth)];
}

function shown({ name, as, each = false }: Known, value: WireValue, depth: number): string[] | undefined {
  const line = (text: string): string[] => [each ? `${indent(depth)}- ${text}` : `${indent(depth)}${name}: ${text}`];
  if (as === 'number' || as === 'flag') {
    if (value.kind !== 'varint' || (as === 'flag' && value.value > 1n)) return undefined;
    return line(as === 'flag' ? String(value.value === 1n) : String(BigInt.asIntN(64, value.value)));
  }
  if (value.kind !== 'bytes') return undefined;
  if (as === 'text') return isText(value.bytes) ? line(JSON.stringify(value.bytes.toString())) : undefined;
  if (as === 'time') return timeOf(value.bytes, line);
  if (as === 'pairs' || as === 'pairs of bytes') return pairOf(value.bytes, depth + 1, as === 'pairs');
  const inner = named(value.bytes, as, depth + 1);
  if (!inner) return undefined;
  if (!each) return [`${indent(depth)}${name}:${inner.length === 0 ? ' {}' : ''}`, ...inner];
  return itemOf(inner.length === 0 ? ['{}'] : inner, depth);
}

/** metav1.Time: seconds and nanoseconds. A 0 is left out. */
function timeOf(bytes: Buffer, line: (text: string) => string[]): string[] | undefined {
  const fields = fieldsOf(bytes);
  if (!fields?.every(({ number, value }) => (number === 1 || number === 2) && value.kind === 'varint')) return undefined;
  if (fields.length === 0) return line('null');
  const seconds = fields.find(({ number }) => number === 1)?.value;
  const ms = (seconds?.kind === 'varint' ? Number(BigInt.asIntN(64, seconds.value)) : 0) * 1000;
  return Math.abs(ms) > 8.64e15 ? undefined : line(JSON.stringify(new Date(ms).toISOString().replace('.000Z', 'Z')));
}

function pairOf(bytes: Buffer, depth: number, isAllText: boolean): string[] | undefined {
  const fields = fieldsOf(bytes);
  if (!fields) return undefined;
  const parts: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  for (const { number, value } of fields) {
    const isTextual = isAllText || number === 1;
    if ((number !== 1 && number !== 2) || value.kind !== 'bytes' || (isTextual && !isText(value.bytes))) return undefined;
    parts[number - 1] = value.bytes;
  }
  const [name, value] = parts;
  return [`${indent(depth)}${JSON.stringify(name.toString())}: ${isAllText ? JSON.stringify(value.toString()) : scalar(value)}`];
}

/** Fields whose numbers alone are known. One that occurs several times is a list. */
function numbered(fields: readonly WireField[], depth: number): string[] {
  return [...new Set(fields.map(({ number }) => number))].flatMap((number) => {
    const values = fields.filter((field) => field.number === number).map(({ value }) => guessed(value, depth));
    const name = `${indent(depth)}"${number}":`;
    const [only] = values;
    if (values.length === 1 && only) return 'text' in only ? [`${name} ${only.text}`] : [`${name}${only.note}`, ...only.lines];
    return [name, ...values.flatMap((each) => ('text' in each ? [`${indent(depth)}- ${each.text}`] : itemOf(each.lines, depth)))];
  });
}

/** What a value most likely is. If it can be something else, a comment says so. */
function guessed(value: WireValue, depth: number): { text: string } | { lines: string[]; note: string } {
  if (value.kind === 'varint') return { text: String(value.value) };
  if (value.kind === 'fixed') return { text: `${scalar(value.bytes)} # ${value.bytes.length} bytes of a fixed size` };
  const { bytes } = value;
  const inner = bytes.length > 0 && depth < DEEPEST ? fieldsOf(bytes) : undefined;
  if (!inner) return { text: scalar(bytes) };
  if (isPrintable(bytes)) return { text: `${scalar(bytes)} # or a message` };
  return { lines: numbered(inner, depth + 1), note: isPrintable(bytes.subarray(1)) ? ' # or a text' : '' };
}

function itemOf([first = '', ...rest]: readonly string[], depth: number): string[] {
  return [`${indent(depth)}- ${first.trimStart()}`, ...rest];
}

/** A message nearly always has control characters: its tags, and short lengths. */
function isPrintable(bytes: Buffer): boolean {
  // eslint-disable-next-line no-control-regex -- that is the point
  return isText(bytes) && !/[\0-\x08\x0b-\x1f\x7f]|^\n/.test(bytes.toString());
}

function scalar(bytes: Buffer): string {
  return isPrintable(bytes) || bytes.length === 0 ? JSON.stringify(bytes.toString()) : `!!binary ${bytes.toString('base64')}`;
}

function indent(depth: number): string {
  return '  '.repeat(depth);
}
