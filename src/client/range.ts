/** The arithmetic of ranges: `[key, range_end)`, etcd API reference "RangeRequest". */
import type { Key } from './codec.js';

/** The range_end that means "to the end of the key space". */
export const TO_THE_END: Key = '\0';

/** The smallest key after every key that begins with `prefix`; TO_THE_END if there is none. */
export function prefixEnd(prefix: Key): Key {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const byte = prefix.charCodeAt(i);
    if (byte < 0xff) return prefix.slice(0, i) + String.fromCharCode(byte + 1);
  }
  return TO_THE_END;
}

/** The key right after `key`. */
export function after(key: Key): Key {
  return `${key}\0`;
}

/** The first key that there can be is the byte 0, because etcd refuses the empty key. */
export function firstKey(prefix: Key): Key {
  return prefix === '' ? '\0' : prefix;
}

/** Whether `start` lies before `end`, which may be TO_THE_END. */
export function isBefore(start: Key, end: Key): boolean {
  return end === TO_THE_END || start < end;
}
