import { describe, expect, it } from 'vitest';
import { FIRST_PAGE, nextPage, smallerPage } from '../../../src/keyspace/page-size.js';

const MIB = 1024 * 1024;
const kvs = (count: number, bytes: number) =>
  Array.from({ length: count }, () => ({
    key: '/k',
    value: Buffer.alloc(bytes),
    ...{ createRevision: '1', modRevision: '1', version: '1', lease: '0' },
  }));

describe('the size of a page', () => {
  it('begins with as many of the largest values as one answer may have', () => {
    expect((FIRST_PAGE.limit * 1.5 * 4) / 3).toBeLessThan(16);
  });

  it('grows sixteenfold at the most, up to what 4 MiB hold', () => {
    let size = FIRST_PAGE;
    const limits = Array.from({ length: 4 }, () => (size = nextPage(size, kvs(size.limit, 0))).limit);
    expect(limits).toEqual([112, 1792, 13888, 13888]);
    expect(nextPage({ limit: 1000, heavy: 0 }, kvs(1000, 10_000)).limit).toBe(407);
  });

  it('is never less than one key, and stays the same after a page without any', () => {
    expect(nextPage({ limit: 3, heavy: 0 }, kvs(3, 30 * MIB)).limit).toBe(1);
    expect(nextPage({ limit: 1, heavy: 0 }, kvs(1, 30 * MIB)).limit).toBe(1);
    expect(nextPage({ limit: 28, heavy: 0 }, []).limit).toBe(28);
  });

  it('does not grow again before the keys that were too large together are read', () => {
    const limits = [];
    for (let size = smallerPage({ limit: 448, heavy: 0 }); size.heavy > 0; size = nextPage(size, kvs(size.limit, 0))) {
      limits.push(size.limit);
    }
    expect(limits).toEqual(Array(16).fill(28));
    expect(nextPage({ limit: 28, heavy: 28 }, kvs(28, 0))).toEqual({ limit: 448, heavy: 0 });
    expect(smallerPage({ limit: 7, heavy: 0 })).toEqual({ limit: 1, heavy: 7 });
  });
});
