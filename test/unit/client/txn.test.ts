import { describe, expect, it } from 'vitest';
import { compareAndPutTxn, txnBody, writes, type Compare, type Operation } from '../../../src/client/txn.js';
import { decodeTxn } from '../../../src/client/txn-answer.js';

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const value = Buffer.from('v\xff\0', 'latin1');

describe('the body of a txn', () => {
  const compared = (compare: Compare) => txnBody({ compare: [compare], then: [] }).compare?.[0];
  const done = (operation: Operation) => txnBody({ then: [operation] }).success[0];

  it.each<[Compare, object]>([
    [
      { key: 'a', target: 'MOD', modRevision: '7' },
      { target: 'MOD', mod_revision: '7', result: 'EQUAL' },
    ],
    [
      { key: 'a', target: 'CREATE', createRevision: '0' },
      { target: 'CREATE', create_revision: '0', result: 'EQUAL' },
    ],
    [
      { key: 'a', target: 'VERSION', version: '3', result: 'GREATER' },
      { target: 'VERSION', version: '3', result: 'GREATER' },
    ],
    [
      { key: 'a', target: 'VALUE', value, result: 'NOT_EQUAL' },
      { target: 'VALUE', value: 'dv8A', result: 'NOT_EQUAL' },
    ],
    [
      { key: 'a', target: 'LEASE', lease: '6088200401923396907' },
      { target: 'LEASE', lease: '6088200401923396907', result: 'EQUAL' },
    ],
  ])('compares %j', (compare, body) => {
    expect(compared(compare)).toEqual({ key: base64('a'), ...body });
  });

  it('compares every key of a range', () => {
    expect(compared({ key: '/a/', rangeEnd: '/a0', target: 'MOD', result: 'LESS', modRevision: '8' })).toEqual({
      ...{ key: base64('/a/'), range_end: base64('/a0') },
      ...{ target: 'MOD', result: 'LESS', mod_revision: '8' },
    });
  });

  it.each<[Operation, object]>([
    [{ op: 'put', key: 'a\xff', value }, { request_put: { key: base64('a\xff'), value: 'dv8A' } }],
    [{ op: 'put', key: 'a', value, lease: '9' }, { request_put: { key: base64('a'), value: 'dv8A', lease: '9' } }],
    [{ op: 'put', key: 'a', value, ignoreLease: true }, { request_put: { key: base64('a'), value: 'dv8A', ignore_lease: true } }],
    [{ op: 'delete', key: 'a' }, { request_delete_range: { key: base64('a') } }],
    [{ op: 'delete', key: 'a', rangeEnd: 'b' }, { request_delete_range: { key: base64('a'), range_end: base64('b') } }],
    [
      { op: 'range', key: 'a', rangeEnd: 'b', limit: 2, keysOnly: true, revision: '5' },
      { request_range: { key: base64('a'), range_end: base64('b'), limit: '2', keys_only: true, revision: '5' } },
    ],
    [
      { op: 'txn', then: [{ op: 'delete', key: 'a' }], else: [{ op: 'range', key: 'a' }] },
      {
        request_txn: { success: [{ request_delete_range: { key: base64('a') } }], failure: [{ request_range: { key: base64('a') } }] },
      },
    ],
  ])('asks for %j', (operation, body) => {
    expect(done(operation)).toEqual(body);
  });

  it('of a compare-and-put keeps the lease of a key that exists, and names none for a new one', () => {
    const put = { key: 'a', value, createRevision: '4', version: '2' };
    const name = base64('a');
    expect(txnBody(compareAndPutTxn({ ...put, modRevision: '8' }))).toEqual({
      compare: [
        { key: name, result: 'EQUAL', target: 'MOD', mod_revision: '8' },
        { key: name, result: 'EQUAL', target: 'CREATE', create_revision: '4' },
        { key: name, result: 'EQUAL', target: 'VERSION', version: '2' },
      ],
      success: [{ request_put: { key: name, value: 'dv8A', ignore_lease: true } }, { request_range: { key: name, keys_only: true } }],
      failure: [{ request_range: { key: name } }],
    });
    expect(txnBody(compareAndPutTxn({ ...put, modRevision: '0' }, true))).toEqual({
      compare: [{ key: name, result: 'EQUAL', target: 'MOD', mod_revision: '0' }],
      success: [{ request_put: { key: name, value: 'dv8A' } }],
    });
  });

  it('is known to write, however deep', () => {
    const range: Operation = { op: 'range', key: 'a' };
    expect(writes({ then: [range], else: [range] })).toBe(false);
    expect(writes({ then: [range, { op: 'txn', then: [range] }] })).toBe(false);
    expect(writes({ then: [range], else: [{ op: 'delete', key: 'a' }] })).toBe(true);
    expect(writes({ then: [{ op: 'txn', then: [range, { op: 'put', key: 'a', value }] }] })).toBe(true);
  });
});

describe('the answer to a txn', () => {
  const header = { cluster_id: '7', revision: '9' };
  const kv = (name: string, more: object = {}) => ({ key: base64(name), create_revision: '4', mod_revision: '8', version: '2', ...more });
  const range = (...kvs: object[]) => ({ response_range: { kvs, count: String(kvs.length) } });
  const refused = expect.objectContaining({ code: 'unsupported' }) as Error;
  const of = (raw: object, txn: Parameters<typeof decodeTxn>[1]): unknown => {
    try {
      return decodeTxn({ header, ...raw }, txn);
    } catch (thrown) {
      return thrown;
    }
  };
  const nested: Operation = {
    op: 'txn',
    compare: [{ key: 'c', target: 'CREATE', createRevision: '0' }],
    then: [{ op: 'put', key: 'c', value }],
    else: [{ op: 'range', key: 'c' }],
  };

  it('is one of each operation, of its kind', () => {
    const then: Operation[] = [{ op: 'put', key: 'a', value }, { op: 'delete', key: 'b' }, { op: 'delete', key: 'z' }, nested];
    const responses = [
      { response_put: {} },
      { response_delete_range: { deleted: '1' } },
      { response_delete_range: {} },
      { response_txn: { responses: [range(kv('c'))] } },
    ];
    expect(of({ succeeded: true, responses }, { then })).toMatchObject({
      header: { revision: '9' },
      succeeded: true,
      answers: [
        { op: 'put' },
        { op: 'delete', deleted: 1 },
        { op: 'delete', deleted: 0 },
        { op: 'txn', succeeded: false, answers: [{ op: 'range', kvs: [{ key: 'c', modRevision: '8' }] }] },
      ],
    });
    for (const other of [responses.slice(1), [...responses].reverse(), [...responses, { response_put: {} }]]) {
      expect(of({ succeeded: true, responses: other }, { then })).toEqual(refused);
    }
  });

  it('is held against a nested txn as well', () => {
    const answered = (txn: object) => of({ succeeded: true, responses: [{ response_txn: txn }] }, { then: [nested] });
    expect(answered({ succeeded: true, responses: [{ response_put: {} }] })).toMatchObject({ answers: [{ succeeded: true }] });
    expect(answered({ succeeded: true, responses: [range(kv('c'))] })).toEqual(refused);
    expect(answered({ responses: [range(kv('d'))] })).toEqual(refused);
  });

  it.each<[string, Compare, object[], boolean]>([
    ['a revision that is another', { key: 'a', target: 'MOD', modRevision: '7' }, [kv('a')], true],
    ['a revision that is that one', { key: 'a', target: 'MOD', modRevision: '8' }, [kv('a')], false],
    ['a revision that is less', { key: 'a', target: 'MOD', modRevision: '9', result: 'LESS' }, [kv('a')], false],
    ['a revision that is not greater', { key: 'a', target: 'MOD', modRevision: '8', result: 'GREATER' }, [kv('a')], true],
    ['another value', { key: 'a', target: 'VALUE', value }, [kv('a', { value: base64('w') })], true],
    ['that value', { key: 'a', target: 'VALUE', value }, [kv('a', { value: 'dv8A' })], false],
    ['no value, not even an empty one', { key: 'a', target: 'VALUE', value: Buffer.alloc(0) }, [], true],
    ['a lease that is attached', { key: 'a', target: 'LEASE', lease: '0' }, [kv('a', { lease: '5' })], true],
    ['a lease that is not', { key: 'a', target: 'LEASE', lease: '0', result: 'NOT_EQUAL' }, [kv('a')], true],
    ['a key that is not there', { key: 'a', target: 'CREATE', createRevision: '0' }, [], false],
    ['a key that is not shown', { key: 'b', target: 'CREATE', createRevision: '0' }, [], true],
    ['a range', { key: 'a', rangeEnd: 'b', target: 'CREATE', createRevision: '0' }, [], true],
  ])('may say that a compare failed for %s, or not', (_, compare, kvs, isTaken) => {
    const answer = of({ responses: [range(...kvs)] }, { compare: [compare], then: [], else: [{ op: 'range', key: 'a' }] });
    expect(answer).toEqual(isTaken ? expect.objectContaining({ succeeded: false }) : refused);
  });

  it('has what was put at its own revision', () => {
    const then: Operation[] = [
      { op: 'put', key: 'a', value },
      { op: 'range', key: 'a', rangeEnd: 'c', keysOnly: true },
    ];
    const read = (...kvs: object[]) => of({ succeeded: true, responses: [{ response_put: {} }, range(...kvs)] }, { then });
    expect(read(kv('a', { mod_revision: '9' }), kv('b'))).toMatchObject({ succeeded: true });
    expect(read(kv('a'), kv('b'))).toEqual(refused);
  });
});
