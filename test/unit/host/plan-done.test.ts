/** How many keys a plan has changed. */
import { expect, it } from 'vitest';
import { accountOf } from '../../../src/host/plan-done.js';
import type { Step } from '../../../src/keyspace/write/plan.js';

it('counts a key that is moved once, also if a prefix is deleted by the same plan', () => {
  const put = (name: string): Step => ({
    ...{ op: 'put', key: `/to/${name}`, value: Buffer.from('x'), modRevision: '0' },
    from: { key: `/from/${name}`, moved: true },
  });
  const steps: Step[] = [
    ...['a', 'b'].map(put),
    { op: 'delete range', key: '/from/', rangeEnd: '/from0', revision: '4', count: 2, moved: true },
    { op: 'delete range', key: '/old/', rangeEnd: '/old0', revision: '4', count: 4 },
  ];
  // One of the four had been deleted before.
  const done = [{ steps, revision: '5', uncertain: false, deleted: 5 }];
  const header = { clusterId: '1', revision: '5' };
  expect(accountOf([{ profile: '', of: { done, header, left: [] } }], [])).toMatchObject({ keys: 5, atomic: true });
});

it('tells what has become of keys that are shown under another profile of the same cluster, and stays with that profile', () => {
  const steps: Step[] = [
    { op: 'put', key: '/to', value: Buffer.from('x'), modRevision: '0', from: { key: '/from', moved: true } },
    { op: 'delete', key: '/from', modRevision: '3' },
  ];
  const done = [{ steps, revision: '5', uncertain: false }];
  const applied = [{ profile: 'a', of: { done, header: { clusterId: '1', revision: '5' }, left: [] } }];
  const shown = (profile: string, key: string, clusterId?: string) => ({ profile, kind: 'key' as const, key, clusterId });
  const open = [shown('b', '/from', '1'), shown('b', '/to', '1'), shown('c', '/from', '2'), shown('c', '/to'), shown('a', '/to')];
  expect(accountOf(applied, open).fates).toMatchObject([
    { address: 'etcd://b/from', became: 'moved', to: 'etcd://b/to' },
    { address: 'etcd://b/to', became: 'changed' },
    { address: 'etcd://a/to', became: 'changed' },
  ]);
});
