/** A key that is opened while others change it: an older watch has already told of that. */
import { expect, it, vi } from 'vitest';
import { createTold, type Change, type OpenAddress } from '../../../src/host/live/told.js';

const put = (key: string, modRevision: string, version = '1') => ({
  type: 'put' as const,
  kv: { key, value: Buffer.from('x'), createRevision: '1', modRevision, version, lease: '0' },
});
const listing = { address: 'etcd:///p/', kind: 'names', span: { start: '/p/', end: '/p0' }, prefix: '/p/', at: '5' } as const;
const value = (at: string): OpenAddress => ({ address: 'etcd:///p/a', kind: 'key', span: { start: '/p/a', end: '/p/a\0' }, at });

/** An open listing in which so many other keys were changed after revision 10. */
function opened(others = 0) {
  const sent: Change[] = [];
  const told = createTold((change) => void sent.push(change));
  told.set([listing]);
  told.hear(put('/p/a', '10', '2'));
  for (let i = 0; i < others; i++) told.hear(put('/p/b', String(11 + i), '2'));
  return { told, sent };
}

it('a key that was read before a change, and opened after it was heard of, is told of it', () => {
  const { told, sent } = opened();
  told.set([listing, value('9')]);
  expect(sent).toEqual([{ event: 'changed', address: 'etcd:///p/a', revision: '10' }]);
  told.hear(put('/p/a', '10', '2'));
  told.set([listing, value('9')]);
  expect(sent).toHaveLength(1);
});

it('a key that was read after it is told of nothing', () => {
  const { told, sent } = opened();
  told.set([listing, value('10')]);
  expect(sent).toEqual([]);
});

it('a listing is told of names that came meanwhile', () => {
  const { told, sent } = opened();
  told.hear(put('/p/new/x', '11'));
  sent.length = 0;
  const other = { ...listing, address: 'etcd:///p/new/', span: { start: '/p/new/', end: '/p/new0' }, prefix: '/p/new/', at: '10' } as const;
  told.set([listing, other]);
  expect(sent).toEqual([{ event: 'changed', address: 'etcd:///p/new/', revision: '11' }]);
  expect(told.listed('etcd:///p/new/')?.names.take()).toMatchObject({ there: ['x'] });
});

it('a listing is told of new values only while it shows them', () => {
  const { told, sent } = opened();
  expect(sent).toEqual([]);
  told.set([{ ...listing, values: true }]);
  told.hear(put('/p/a', '11', '3'));
  expect(sent).toEqual([{ event: 'changed', address: 'etcd:///p/', revision: '11' }]);
  expect(told.listed('etcd:///p/')?.names.take()).toMatchObject({ there: ['a'], gone: [] });
  told.set([{ ...listing, values: false }]);
  told.heard('etcd:///p/');
  told.hear(put('/p/a', '12', '4'));
  expect(sent).toHaveLength(1);
});

it('what the editor does not deal with is told again, more and more seldom', () => {
  vi.useFakeTimers();
  const { told, sent } = opened();
  told.set([listing, value('9')]);
  const change = { event: 'changed', address: 'etcd:///p/a', revision: '10' };
  const after = (ms: number): Change[] => {
    sent.length = 0;
    vi.advanceTimersByTime(ms);
    return sent;
  };
  expect(after(9_999)).toEqual([]);
  expect(after(1)).toEqual([change]);
  told.hear(put('/p/a', '12', '3'));
  expect(after(19_999)).toEqual([]);
  expect(after(1)).toEqual([{ ...change, revision: '12' }]);
  told.heard('etcd:///p/a');
  expect(after(1_000_000)).toEqual([]);
  told.hear(put('/p/a', '13', '4'));
  told.set([listing]);
  expect(after(1_000_000)).toEqual([]);
  vi.useRealTimers();
});

it('what is not remembered any more is looked at anew', () => {
  const { told, sent } = opened(5000);
  told.set([listing, value('9')]);
  expect(sent).toEqual([{ event: 'resync', address: 'etcd:///p/a', revision: '9' }]);
  told.hear(put('/p/a', '6000', '3'));
  told.heard('etcd:///p/a');
  expect(sent.at(-1)).toEqual({ event: 'changed', address: 'etcd:///p/a', revision: '6000' });
});

it('what an earlier client has told is of no other cluster', () => {
  const { told, sent } = opened();
  told.restart();
  told.set([listing, value('9')]);
  expect(sent).toEqual([]);
});
