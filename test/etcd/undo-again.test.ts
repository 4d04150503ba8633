/** The undo of an undo: what was done is there again, and can be taken back again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHost, type Host } from '../fault/host.js';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';

let etcd: TestEtcd;
let host: Host;
beforeAll(async () => {
  etcd = await startEtcd();
  host = await openHost({ endpoints: [etcd.endpoint] });
});
afterAll(async () => {
  host.close();
  await etcd.stop();
});

/** @param change its number; the latest without it @returns what the editor is told */
async function undo(change?: number): Promise<unknown> {
  const { ok, err } = await host.ask('undo', change === undefined ? {} : { change });
  if (!ok) return err?.message;
  if (ok['plan'] === 0) return ok['lines'];
  const { err: failed } = await host.ask('apply', { plan: ok['plan'] });
  return failed?.message ?? ok['title'];
}

/** The number of the newest change. */
async function newest(): Promise<number> {
  const { ok } = await host.ask('changes', {});
  return (ok as { changes: { id: number }[] }).changes[0]?.id ?? 0;
}

async function values(...keys: string[]): Promise<(string | undefined)[]> {
  return Promise.all(keys.map(async (key) => (await etcd.get(key))?.value.toString()));
}

it('nothing is said of what a host before this one has done', async () => {
  expect(await undo()).toBe(
    'etcd: cannot undo: nothing is known that can be taken back; the list of changes is as old as the Node process',
  );
});

it('a change of a value, a new key and a deleted one come and go again', async () => {
  const keys = ['/a/changed', '/a/gone', '/a/new'];
  await etcd.put('/a/changed', 'old');
  await etcd.put('/a/gone', 'gone');
  const made = await host.ask('document_plan', { name: 'etcd:/a/?yaml', force: true }, 'changed: other\nnew: new\n');
  await host.ask('apply', { plan: made.ok?.['plan'] });
  const [before, after] = [
    ['old', 'gone', undefined],
    ['other', undefined, 'new'],
  ];
  expect(await values(...keys)).toEqual(after);
  for (const wanted of [before, after, before, after]) {
    await undo(wanted === before ? undefined : await newest());
    expect(await values(...keys)).toEqual(wanted);
  }
});

it('what an undo of an undo has done again is the latest change again', async () => {
  await etcd.put('/b', 'first');
  await host.ask('put', { name: 'etcd:/b', force: true }, 'second');
  expect(await undo()).toBe('undo write etcd:///b');
  expect(await undo(await newest())).toBe('redo write etcd:///b');
  expect(await values('/b')).toEqual(['second']);
  expect(await undo()).toBe('undo write etcd:///b');
  expect(await values('/b')).toEqual(['first']);
});

it('what an undo of an undo of an undo has taken back is not the latest change', async () => {
  await host.ask('put', { name: 'etcd:/e/before', force: true }, 'x');
  await host.ask('put', { name: 'etcd:/e/last', force: true }, 'x');
  await undo();
  expect(await undo(await newest())).toBe('redo write etcd:///e/last');
  expect(await undo(await newest())).toBe('undo write etcd:///e/last');
  expect(await values('/e/last')).toEqual([undefined]);
  expect(await undo()).toBe('undo write etcd:///e/before');
});

it('what somebody has changed in between stays', async () => {
  await etcd.put('/c', 'first');
  await host.ask('put', { name: 'etcd:/c', force: true }, 'second');
  await undo();
  const redo = await newest();
  await etcd.put('/c', 'theirs');
  expect(await undo(redo)).toEqual([expect.stringMatching(/\/c: it was changed since/)]);
  expect(await values('/c')).toEqual(['theirs']);
});

it('a move goes back as a move, and a copy is deleted', async () => {
  for (const name of ['a', 'b', 'p/x', 'p/y', 'kept']) await etcd.put(`/m/${name}`, name);
  const names = (...of: string[]) => ({ names: of.map((name) => ({ name: `etcd:/m/${name}` })) });
  const apply = async (made: Awaited<ReturnType<Host['ask']>>) => host.ask('apply', { plan: made.ok?.['plan'], open: ['etcd:///m/p/x'] });
  await apply(await host.ask('rename', { ...names('p/'), to: 'etcd:/m/q/' }));
  await apply(await host.ask('rename', { ...names('a', 'b'), to: 'etcd:/m/to/' }));
  await apply(await host.ask('rename', { ...names('kept'), to: 'etcd:/m/copy', copy: true }));
  const undone = async (): Promise<unknown> => {
    const made = await host.ask('undo', {});
    return [made.ok?.['lines'], (await apply(made)).ok?.['keys']];
  };
  expect(await undone()).toEqual([['delete /m/copy 4B'], 1]);
  expect(await undone()).toEqual([['rename /m/to/a -> /m/a', 'rename /m/to/b -> /m/b'], 2]);
  expect(await undone()).toEqual([['rename /m/q/x -> /m/p/x', 'rename /m/q/y -> /m/p/y'], 2]);
  const redone = await host.ask('undo', { change: await newest() });
  expect(redone.ok?.['lines']).toEqual(['rename /m/p/x -> /m/q/x', 'rename /m/p/y -> /m/q/y']);
  expect((await apply(redone)).ok?.['fates']).toMatchObject([{ address: 'etcd:///m/p/x', became: 'moved', to: 'etcd:///m/q/x' }]);
  expect(await values('/m/a', '/m/b', '/m/q/x', '/m/p/x', '/m/kept')).toEqual(['a', 'b', 'p/x', undefined, 'kept']);
});

it('a move of what was changed since does not go back, and what took its place stays', async () => {
  await etcd.put('/n/a', 'a');
  const made = await host.ask('rename', { names: [{ name: 'etcd:/n/a' }], to: 'etcd:/n/b' });
  await host.ask('apply', { plan: made.ok?.['plan'] });
  await etcd.put('/n/b', 'theirs');
  const { ok } = await host.ask('undo', {});
  expect(ok?.['lines']).toEqual([expect.stringMatching(/\/n\/b: it was changed since/), 'put /n/a 1B']);
});

it('a key whose lease has ended meanwhile comes back without one, and that is said', async () => {
  const [ended, kept] = [await etcd.grantLease(600), await etcd.grantLease(600)];
  for (const name of ['a', 'b', 'c', 'd']) await etcd.put(`/l/${name}`, name, ended);
  await etcd.put('/l/kept', 'kept', kept);
  const made = await host.ask('remove', { names: [{ name: 'etcd:/l/' }] });
  await host.ask('apply', { plan: made.ok?.['plan'] });
  await etcd.post('/v3/lease/revoke', { ID: ended });
  const { ok } = await host.ask('undo', {});
  expect(ok?.['lines']).toEqual([
    'without a lease, because theirs has ended: /l/a, /l/b, /l/c and 1 more',
    ...['a', 'b', 'c', 'd'].map((name) => `put /l/${name} 1B`),
    expect.stringMatching(/^put \/l\/kept 4B, lease [0-9a-f]+$/),
  ]);
  await host.ask('apply', { plan: ok?.['plan'] });
  expect([(await etcd.get('/l/a'))?.lease, (await etcd.get('/l/kept'))?.lease]).toEqual(['0', kept]);
});

it('a number that is none, or of what was taken back already, is told as that', async () => {
  await host.ask('put', { name: 'etcd:/d', force: true }, 'new');
  const change = await newest();
  await undo(change);
  expect(await undo(change)).toContain(`cannot undo: change ${change} was taken back already: write etcd:///d; :Etcd changes lists them`);
  expect(await undo(999)).toContain('cannot undo: there is no change 999; :Etcd changes lists them');
});
