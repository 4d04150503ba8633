/** Checks what callers pass, because not all of them have types. Keys are text or bytes outside, and latin1 inside. */
import { EtcdError, firstKey, keyOf, prefixEnd, TO_THE_END, type Key } from '../client/index.js';

/** Text stands for its UTF-8 bytes. */
export type Bytes = string | Uint8Array;

/** One key; or all that begin with a prefix (`''`: all keys); or all from `from` on, up to but without `to`. */
export type RangeOf = Bytes | { prefix: Bytes } | { from: Bytes; to?: Bytes };

/** @returns EtcdError invalid_value */
export function wrongArgument(name: string, wanted: string): EtcdError {
  return new EtcdError('invalid_value', `${name} must be ${wanted}`);
}

/** @throws EtcdError invalid_value if it is neither text nor bytes, or is empty */
export function toKey(given: Bytes, name = 'key'): Key {
  const key = toBytes(given, name).toString('latin1');
  if (key === '') throw wrongArgument(name, 'at least one byte long');
  return key;
}

/** @throws EtcdError invalid_value if it is neither text nor bytes */
export function toBytes(given: Bytes, name: string): Buffer {
  if (typeof given === 'string') return Buffer.from(keyOf(given), 'latin1');
  if ((given as unknown) instanceof Uint8Array) return Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  throw wrongArgument(name, 'a string or a Uint8Array');
}

/** @returns the range as etcd takes it @throws EtcdError invalid_value */
export function toRange(given: RangeOf, name = 'range'): { key: Key; rangeEnd?: Key } {
  if (typeof given === 'string' || (given as unknown) instanceof Uint8Array) return { key: toKey(given as Bytes, name) };
  if (typeof given !== 'object' || (given as unknown) === null) throw wrongArgument(name, 'a key, { prefix } or { from, to }');
  if ('prefix' in given) {
    const prefix = toBytes(given.prefix, `${name}.prefix`).toString('latin1');
    return { key: firstKey(prefix), rangeEnd: prefixEnd(prefix) };
  }
  if (!('from' in given)) throw wrongArgument(name, 'a key, { prefix } or { from, to }');
  const to = given.to === undefined ? TO_THE_END : toKey(given.to, `${name}.to`);
  return { key: firstKey(toBytes(given.from, `${name}.from`).toString('latin1')), rangeEnd: to };
}

/** @returns an int64 that is not negative, in decimal @throws EtcdError invalid_value, also for a number, because it would lose digits */
export function toInt64(given: string, name: string): string {
  if (typeof given === 'string' && /^\d{1,19}$/.test(given)) return given;
  throw wrongArgument(name, 'an int64 in decimal, as a string');
}

/** @throws EtcdError invalid_value */
export function toNumber(given: number, name: string, least = 1): number {
  if (Number.isFinite(given) && given >= least) return given;
  throw wrongArgument(name, `a number, ${least} or more`);
}

/** Like Array.isArray(), which would forget the type of the elements. */
export function isList(given: unknown): boolean {
  return Array.isArray(given);
}
