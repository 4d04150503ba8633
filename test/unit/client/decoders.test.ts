import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHeader, decodeKeys, decodeRange } from '../../../src/client/decoders.js';
import { decodeBytes } from '../../../src/client/codec.js';
import type { CompareAndPut } from '../../../src/client/txn.js';
import { decodeMany, decodePut } from '../../../src/client/txn-answer.js';

const header = { cluster_id: '7', revision: '9', raft_term: '2' };
const key = (name: string): string => Buffer.from(name).toString('base64');
const kv = (name: string, more: object = {}) => ({ key: key(name), create_revision: '4', mod_revision: '8', version: '2', ...more });
const refused = expect.objectContaining({ code: 'unsupported', indefinite: true }) as Error;
const thrownBy = (decode: () => unknown): unknown => {
  try {
    return { decoded: decode() };
  } catch (thrown) {
    return thrown;
  }
};

describe('base64', () => {
  it('is taken where it is canonical, and only there', () => {
    fc.assert(
      fc.property(fc.oneof(fc.base64String(), fc.string(), fc.stringMatching(/^[A-Za-z0-9+/_=-]*$/)), (text) => {
        const isCanonical = Buffer.from(text, 'base64').toString('base64') === text;
        const decoded = thrownBy(() => decodeBytes(text));
        expect(decoded).toEqual(isCanonical ? { decoded: Buffer.from(text, 'base64') } : refused);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a header', () => {
  it.each([
    undefined,
    null,
    7,
    [],
    {},
    { cluster_id: '7' },
    { ...header, revision: 9 },
    { ...header, revision: '0' },
    { ...header, raft_term: 'x' },
  ])('is not %j', (raw) => expect(thrownBy(() => decodeHeader(raw))).toEqual(refused));
});

describe('a range', () => {
  const one = { key: 'a' };
  const many = { key: 'a', rangeEnd: 'c', limit: 2 };
  const of = (...kvs: unknown[]) => ({ header, kvs, count: String(kvs.length) });

  it('is what was asked for', () => {
    expect(decodeRange(of(kv('a', { value: key('v'), lease: '5' })), one)).toEqual({
      header: { clusterId: '7', revision: '9', raftTerm: '2' },
      kvs: [{ key: 'a', value: Buffer.from('v'), createRevision: '4', modRevision: '8', version: '2', lease: '5' }],
      ...{ count: 1, more: false, stale: false },
    });
    expect(decodeRange({ header }, one)).toMatchObject({ kvs: [], count: 0 });
    expect(decodeRange(of(kv('a'), kv('b')), many).kvs).toHaveLength(2);
  });

  it.each<[string, unknown, object]>([
    ['another key', of(kv('b')), one],
    ['two keys for one', of(kv('a'), kv('a')), one],
    ['a key behind the range', of(kv('c')), many],
    ['keys that are not in order', of(kv('b'), kv('a')), many],
    ['more keys than the limit', of(kv('a'), kv('aa'), kv('b')), many],
    ['fewer keys counted than given', { header, kvs: [kv('a')], count: '0' }, one],
    ['a key without a revision', of(kv('a', { mod_revision: undefined })), one],
    ['a key without a version', of(kv('a', { version: '0' })), one],
    ['a value that is no base64', of(kv('a', { value: 'v' })), one],
    ['a value that is no text', of(kv('a', { value: 5 })), one],
    ['a revision that is a number', of(kv('a', { mod_revision: 8 })), one],
    ['a key that is null', of(null), one],
    ['keys that are no list', { header, kvs: { length: 1 } }, one],
    ['a count that is a list', { header, count: [] }, one],
    ['more that is text', { header, more: 'x' }, one],
    ['a revision that was not reached', of(kv('a')), { ...one, revision: '10' }],
    ['a key that is newer than the revision', of(kv('a')), { ...one, revision: '7' }],
  ])('is not %s', (_, raw, request) => expect(thrownBy(() => decodeRange(raw, request as typeof one))).toEqual(refused));

  it('is not of another cluster than the one that it goes on with', () => {
    const thrown = thrownBy(() => decodeRange(of(kv('a')), { ...one, clusterId: '6' }));
    expect(thrown).toMatchObject({ code: 'cluster_changed', message: 'cluster 7 answers there now, not 6' });
  });
});

describe('several ranges', () => {
  const requests = [{ key: 'a' }, { key: 'b' }];
  const range = (name: string) => ({ response_range: { kvs: [kv(name)], count: '1' } });
  const of = (more: object) => thrownBy(() => decodeMany({ header, succeeded: true, ...more }, requests, decodeKeys));

  it('are answered one by one', () => {
    expect(of({ responses: [range('a'), range('b')] })).toMatchObject({ decoded: { ranges: [{ keys: ['a'] }, { keys: ['b'] }] } });
    expect(of({ responses: [range('a')] })).toEqual(refused);
    expect(of({ responses: [range('b'), range('a')] })).toEqual(refused);
    expect(of({ responses: [range('a'), { response_put: {} }] })).toEqual(refused);
    expect(of({ succeeded: false })).toEqual(refused);
  });
});

describe('a put', () => {
  const put: CompareAndPut = { key: 'a', value: Buffer.from('v'), modRevision: '8', createRevision: '4', version: '2' };
  const range = (...kvs: object[]) => ({ response_range: { kvs, count: String(kvs.length) } });
  const of = (raw: object, its = put): unknown => thrownBy(() => decodePut({ header, ...raw }, its));
  const done = (modRevision: string, name = 'a') => [{ response_put: {} }, range(kv(name, { mod_revision: modRevision, version: '3' }))];

  it('is acknowledged at a revision of its own', () => {
    expect(of({ succeeded: true, responses: done('9') })).toMatchObject({ decoded: { succeeded: true, kv: { modRevision: '9' } } });
    expect(of({ responses: [range()] })).toMatchObject({ decoded: { succeeded: false, kv: undefined } });
    expect(of({ responses: [range(kv('a', { mod_revision: '9', version: '3' }))] })).toMatchObject({ decoded: { succeeded: false } });
  });

  it.each<[string, object, CompareAndPut?]>([
    ['text for succeeded', { succeeded: 'true', responses: done('9') }],
    ['nothing about the put', { succeeded: true }],
    ['less than was asked', { succeeded: true, responses: [{ response_put: {} }] }],
    ['the answers in another order', { succeeded: true, responses: [...done('9')].reverse() }],
    ['another key', { succeeded: true, responses: done('9', 'b') }],
    ['the revision that was read', { succeeded: true, responses: done('8') }],
    ['a revision that is not the newest', { succeeded: true, responses: done('7') }, { ...put, modRevision: '6' }],
    ['a cluster that has not come so far', { succeeded: true, responses: done('9') }, { ...put, modRevision: '9' }],
    ['the key as it was expected, denied', { responses: [range(kv('a'))] }],
    ['no key, where none was expected, denied', { responses: [range()] }, { ...put, modRevision: '0' }],
  ])('is not acknowledged by %s', (_, raw, its) => expect(of(raw, its)).toEqual(refused));
});
