// The keys that the benchmark reads and writes.
import { put } from './requests.mjs';

export const CHILDREN = 100;
/** The prefix that is listed. */
export const PREFIX = `/bench/${CHILDREN}/`;
/** 1 kB of text in lines: no file type, so that the editor's own highlighting is not what is timed. */
export const VALUE = 'one of sixteen lines of a value, sixty-three bytes and newline.\n'.repeat(16);

/** @param {string} origin of a throwaway etcd */
export async function putSample(origin) {
  for (let i = 1; i <= CHILDREN; i++) await put(origin, `${PREFIX}key-${String(i).padStart(3, '0')}`, `${i}`);
  for (const name of ['value', 'write', 'floor', 'peer']) await put(origin, `/bench/${name}`, VALUE);
}
