/** What is watched for what is open: few ranges, everything that is open, and nothing that may not be read. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, TO_THE_END } from '../../../src/client/index.js';
import { isIn, rangesOf } from '../../../src/host/live/ranges.js';
import { createTold, type Change } from '../../../src/host/live/told.js';

const spanOf = (key: string) => ({ start: key, end: after(key) });
const aKey = fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 5 });

describe('rangesOf', () => {
  it('holds every open key in at most four ranges', () => {
    fc.assert(
      fc.property(fc.array(aKey, { maxLength: 20 }), (keys) => {
        const ranges = rangesOf(keys.map(spanOf), undefined);
        expect(ranges.length).toBeLessThanOrEqual(4);
        for (const key of keys) expect(ranges.some((range) => isIn(range, key))).toBe(true);
      }),
    );
  });

  it('never leaves a range that may be read', () => {
    const may = [
      { key: '/a/', rangeEnd: '/a0' },
      { key: '/c', rangeEnd: undefined },
    ];
    const open = ['/a/1', '/a/2', '/a/3', '/a/4', '/a/5', '/b', '/c'].map(spanOf);
    const ranges = rangesOf(open, may);
    expect(ranges).toHaveLength(4);
    expect(ranges.some((range) => isIn(range, '/b'))).toBe(false);
    expect(ranges.at(-1)).toEqual(spanOf('/c'));
  });

  it('joins what is nearest', () => {
    const keys = ['/a', '/app/one', '/app/two', '/q', '/z'];
    expect(rangesOf(keys.map(spanOf), undefined)).toContainEqual({ start: '/app/one', end: after('/app/two') });
  });
});

describe('what is told', () => {
  const put = (key: string, modRevision: string, version = '2') => ({
    type: 'put' as const,
    kv: { key, value: Buffer.alloc(0), createRevision: '1', modRevision, version, lease: '0' },
  });

  it('is one line for each address until it was heard, and then the newest', () => {
    const sent: Change[] = [];
    const told = createTold((change) => sent.push(change));
    told.set([{ address: 'etcd:///a', kind: 'key', span: spanOf('/a'), at: '5' }]);
    expect(told.from({ start: '', end: TO_THE_END })).toBe('6');
    for (const revision of ['4', '5', '6', '7', '9']) told.hear(put('/a', revision));
    expect(sent.map(({ revision }) => revision)).toEqual(['6']);
    told.heard('etcd:///a');
    told.heard('etcd:///a');
    expect(sent.map(({ revision }) => revision)).toEqual(['6', '9']);
    // What is known is not told again after the watch has begun anew.
    told.hear(put('/a', '8'));
    expect(sent).toHaveLength(2);
  });

  it('of a listing is what changes its names', () => {
    const sent: Change[] = [];
    const told = createTold((change) => sent.push(change));
    told.set([{ address: 'etcd:///', kind: 'names', span: { start: '/', end: '0' }, at: '5' }]);
    told.hear(put('/a', '6'));
    expect(sent).toEqual([]);
    told.hear(put('/b', '7', '1'));
    expect(sent).toEqual([{ event: 'changed', address: 'etcd:///', revision: '7' }]);
  });
});
