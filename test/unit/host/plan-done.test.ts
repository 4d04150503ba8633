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
  // One of the four had gone before.
  const done = [{ steps, revision: '5', uncertain: false, deleted: 5 }];
  const header = { clusterId: '1', revision: '5' };
  expect(accountOf([{ profile: '', of: { done, header, left: [] } }], [])).toMatchObject({ keys: 5, atomic: true });
});
