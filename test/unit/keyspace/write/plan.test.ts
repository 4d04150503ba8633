import { describe, expect, it } from 'vitest';
import { planTxn } from '../../../../src/keyspace/write/plan-txn.js';
import type { Step } from '../../../../src/keyspace/write/plan.js';

const value = Buffer.from('new');
const known = { modRevision: '8', createRevision: '4', version: '2' };

describe('a plan', () => {
  it('is one txn: every key is compared, every step is done, and what the keys are is read if not', () => {
    const seen = { clusterId: '7', revision: '9' };
    const steps: Step[] = [
      { op: 'put', key: 'a', value, ...known, digest: 'd' },
      { op: 'delete', key: 'b', modRevision: '5' },
      { op: 'delete range', key: 'c/', rangeEnd: 'c0', revision: '9' },
    ];
    expect(planTxn({ steps, seen })).toEqual({
      compare: [
        { key: 'a', target: 'MOD', modRevision: '8' },
        { key: 'a', target: 'CREATE', createRevision: '4' },
        { key: 'a', target: 'VERSION', version: '2' },
        { key: 'b', target: 'MOD', modRevision: '5' },
        { key: 'c/', rangeEnd: 'c0', target: 'MOD', result: 'LESS', modRevision: '10' },
      ],
      then: [
        { op: 'put', key: 'a', value, ignoreLease: true },
        { op: 'delete', key: 'b' },
        { op: 'delete', key: 'c/', rangeEnd: 'c0' },
      ],
      else: [
        { op: 'range', key: 'a' },
        { op: 'range', key: 'b' },
      ],
      known: steps[0],
      seen,
      nested: false,
    });
  });

  it('compares no key that has to be free once more, if a guard holds its whole range', () => {
    const guards = [{ key: 'b/', rangeEnd: 'b0', revision: '0' }];
    const steps: Step[] = [
      { op: 'put', key: 'b/1', value, modRevision: '0', from: { key: 'a/1', moved: true, modRevision: '3' } },
      { op: 'put', key: 'b/2', value, ...known },
      { op: 'put', key: 'b0', value, modRevision: '0' },
    ];
    expect(planTxn({ steps, guards })?.compare).toEqual([
      { key: 'b/', rangeEnd: 'b0', target: 'CREATE', result: 'EQUAL', createRevision: '0' },
      { key: 'a/1', target: 'MOD', modRevision: '3' },
      { key: 'b/2', target: 'MOD', modRevision: '8' },
      { key: 'b/2', target: 'CREATE', createRevision: '4' },
      { key: 'b/2', target: 'VERSION', version: '2' },
      { key: 'b0', target: 'MOD', modRevision: '0' },
    ]);
    // A guard that only says "no newer one" says nothing of keys that do not exist.
    const older = [{ key: 'b/', rangeEnd: 'b0', revision: '9' }];
    expect(planTxn({ steps, guards: older })?.compare).toContainEqual({ key: 'b/1', target: 'MOD', modRevision: '0' });
  });

  it.each<[string, { modRevision: string; lease?: string }, object]>([
    ['keeps the lease of a key that is there', { modRevision: '8' }, { ignoreLease: true }],
    ['has none to keep of a new key', { modRevision: '0' }, {}],
    ['attaches a lease', { modRevision: '0', lease: '42' }, { lease: '42' }],
    ['takes the lease off', { modRevision: '8', lease: '0' }, {}],
  ])('%s', (_, more, lease) => {
    expect(planTxn({ steps: [{ op: 'put', key: 'a', value, ...more }] })?.then).toEqual([{ op: 'put', key: 'a', value, ...lease }]);
  });
});
