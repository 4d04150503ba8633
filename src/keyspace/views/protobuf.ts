/** The wire format of protobuf (https://protobuf.dev/programming-guides/encoding/), read without a schema. */

export type WireValue = { kind: 'varint'; value: bigint } | { kind: 'fixed'; bytes: Buffer } | { kind: 'bytes'; bytes: Buffer };

export interface WireField {
  number: number;
  value: WireValue;
}

/** @returns the fields in their order; undefined if that is no message. An empty message has no fields */
export function fieldsOf(message: Buffer): WireField[] | undefined {
  const fields: WireField[] = [];
  let at = 0;
  while (at < message.length) {
    const tag = varintAt(message, at);
    if (!tag) return undefined;
    const number = tag.value >> 3n;
    if (number < 1n || number > 0x1fffffffn) return undefined;
    const read = valueAt(message, tag.end, Number(tag.value & 7n));
    if (!read) return undefined;
    fields.push({ number: Number(number), value: read.value });
    at = read.end;
  }
  return fields;
}

function valueAt(message: Buffer, at: number, type: number): { value: WireValue; end: number } | undefined {
  const fixed = { 1: 8, 5: 4 }[type];
  if (fixed !== undefined) {
    const end = at + fixed;
    return end > message.length ? undefined : { value: { kind: 'fixed', bytes: message.subarray(at, end) }, end };
  }
  const number = type === 0 || type === 2 ? varintAt(message, at) : undefined;
  if (!number) return undefined;
  if (type === 0) return { value: { kind: 'varint', value: number.value }, end: number.end };
  const end = number.end + Number(number.value);
  return end > message.length ? undefined : { value: { kind: 'bytes', bytes: message.subarray(number.end, end) }, end };
}

/** A number of 64 bits. */
function varintAt(message: Buffer, start: number): { value: bigint; end: number } | undefined {
  let value = 0n;
  for (let at = start; at < Math.min(message.length, start + 10); at++) {
    const byte = message[at] as number;
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start));
    if (byte < 0x80) return value > 0xffffffffffffffffn ? undefined : { value, end: at + 1 };
  }
  return undefined;
}
