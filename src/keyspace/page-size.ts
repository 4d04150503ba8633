/**
 * How many keys a page of values asks for. etcd has no limit in bytes, so the last page tells how many keys the next may have. For each
 * page the server counts the whole rest of the range (0.15 µs a key). A million small keys in pages of 14,000 cost it 5 s; in pages of
 * 1,000 they would cost 75 s.
 */
import type { KeyValue } from '../client/index.js';

/** Bytes in memory that a page should have. */
const PAGE_BYTES = 4 * 1024 * 1024;
/** About what a key and its numbers take, besides its own bytes and those of the value. So a page has at most 14,000 keys. */
const KEY_COSTS = 300;
/** The most that pages grow by. Values may be larger from here on, and the server builds the whole answer before we see its size. */
const GROWTH = 16;
/** After an answer that was too large. Such answers cost a lot, so there must be few of them. */
const SHRINKING = 16;

/** How many keys to ask for, and what is known to be too many. */
export interface PageSize {
  limit: number;
  /** How many of the next keys are known to be too large together; 0 if nothing is known. */
  heavy: number;
}

/** The first page: even if each value has 1.5 MiB, the most that etcd takes by default, the answer is under 16 MiB. */
export const FIRST_PAGE: PageSize = { limit: 7, heavy: 0 };

/** @param size that the last page was asked with @param kvs the last page @returns the size of the next one, at least 1 key */
export function nextPage({ limit, heavy }: PageSize, kvs: readonly KeyValue[]): PageSize {
  const bytes = kvs.reduce((sum, { key, value }) => sum + key.length + value.length + KEY_COSTS, 0);
  const fit = kvs.length === 0 ? limit : Math.floor((PAGE_BYTES * kvs.length) / bytes);
  const left = Math.max(0, heavy - kvs.length);
  return { limit: Math.max(1, Math.min(fit, left > 0 ? limit : GROWTH * limit)), heavy: left };
}

/** @param size of more than 1 key, for which the answer was too large @returns what to ask for instead */
export function smallerPage({ limit }: PageSize): PageSize {
  return { limit: Math.max(1, Math.floor(limit / SHRINKING)), heavy: limit };
}
