/** If something is in the way of a move, the error names it, before anything is done. */
import { expect, it } from 'vitest';
import { renamePlan } from '../../src/keyspace/plan/rename.js';
import type { RemoveTarget } from '../../src/keyspace/plan/remove.js';
import { createClient } from '../harness/client.js';
import { onEveryServer, options } from './servers.js';

onEveryServer('what is in the way of a move', (server, client) => {
  const prefix = (key: string): RemoveTarget => ({ kind: 'prefix', key });
  const move = async (from: RemoveTarget[], to: string, force = false) =>
    renamePlan({ source: client(), target: client() }, { from, to: prefix(to), copy: false, force }, options);

  it('is any key below the new name of a prefix, also one that no key of it becomes', async () => {
    await server().put('/r/from/a', 'x');
    await server().put('/r/to/other', 'x');
    await expect(move([prefix('/r/from/')], '/r/to/')).rejects.toMatchObject({ code: 'conflict', message: '/r/to/other exists' });
    expect((await move([prefix('/r/from/')], '/r/to/', true)).target.steps[0]).toMatchObject({ op: 'put', key: '/r/to/a' });
  });

  it('is another name that it is inside of, or the same name', async () => {
    await server().put('/n/a/x', 'x');
    await server().put('/n/ab', 'x');
    const key = (name: string): RemoveTarget => ({ kind: 'key', key: name });
    await expect(move([prefix('/n/a/'), key('/n/a/x')], '/n/to/')).rejects.toMatchObject({
      ...{ code: 'invalid_address', message: '/n/a/x is inside /n/a/, which is named too' },
    });
    await expect(move([key('/n/a/x'), prefix('/n/a/')], '/n/to/', true)).rejects.toMatchObject({ code: 'invalid_address' });
    await expect(move([key('/n/a'), prefix('/n/a/')], '/n/to/')).rejects.toMatchObject({ message: '/n/a/ is named twice' });
    const { target } = await move([prefix('/n/a/'), key('/n/ab')], '/n/to/');
    expect(target.steps.filter(({ op }) => op === 'put').map(({ key: name }) => name)).toEqual(['/n/to/a/x', '/n/to/ab']);
  });

  it('is looked for among all of many keys', async () => {
    const put = (name: number) => ({ op: 'put' as const, key: `/s/a/${name}`, value: Buffer.from('x') });
    for (let i = 0; i < 2010; i += 67) await client().txn({ then: Array.from({ length: 67 }, (_, j) => put(i + j)) }, options);
    await server().put('/s/b/1', 'x');
    await server().put('/s/to/b/1', 'x');
    const moved = move([prefix('/s/a/'), prefix('/s/b/')], '/s/to/');
    await expect(moved).rejects.toMatchObject({ code: 'conflict', message: '/s/to/b/1 exists' });
  });

  it('is the source itself, and its lease stays, also if two profiles are one cluster', async () => {
    const other = createClient({ endpoints: [server().endpoint] });
    try {
      const { id } = await client().leases.grant({ ttl: 600 }, options);
      await client().txn({ then: [{ op: 'put', key: '/two/a', value: Buffer.from('x'), lease: id }] }, options);
      const clients = { source: client(), target: other };
      const { target } = await renamePlan(clients, { from: [prefix('/two/')], to: prefix('/moved/'), copy: false, force: false }, options);
      expect(target.steps[0]).toMatchObject({ op: 'put', key: '/moved/a', lease: id });
      const inside = renamePlan(clients, { from: [prefix('/two/')], to: prefix('/two/sub/'), copy: false, force: false }, options);
      await expect(inside).rejects.toMatchObject({ code: 'invalid_address' });
    } finally {
      await other.close();
    }
  });
});
