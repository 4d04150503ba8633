/** The past written as the present, on real servers: what it compares with, and what it leaves alone. */
import { expect, it } from 'vitest';
import { restorePlan } from '../../src/keyspace/history/restore.js';
import { applyPlan } from '../../src/keyspace/plan/apply.js';
import { onEveryServer, options } from './servers.js';

onEveryServer('restore', (server, client) => {
  const plan = (kind: 'key' | 'prefix', key: string, revision: string) => restorePlan(client(), { kind, key, revision }, options);
  const textOf = async (key: string) => (await server().get(key))?.value.toString();

  it('puts what was there over what is there, which keeps its lease', async () => {
    const old = await server().put('/r/a', 'old');
    const lease = await server().grantLease(600);
    await server().put('/r/a', 'new', lease);
    await applyPlan(client(), await plan('key', '/r/a', old), options);
    expect(await server().get('/r/a')).toMatchObject({ value: Buffer.from('old'), lease });
    expect((await plan('key', '/r/a', old)).steps).toEqual([]);
  });

  it('creates a deleted key again, and not one that never was', async () => {
    const old = await server().put('/r/gone', 'old');
    await server().delete('/r/gone');
    await applyPlan(client(), await plan('key', '/r/gone', old), options);
    expect(await textOf('/r/gone')).toBe('old');
    await expect(plan('key', '/r/never', old)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('writes nothing over a change made since the present was looked at', async () => {
    const old = await server().put('/r/shared', 'old');
    await server().put('/r/shared', 'new');
    const made = await plan('key', '/r/shared', old);
    await server().put('/r/shared', 'theirs');
    await expect(applyPlan(client(), made, options)).rejects.toMatchObject({ code: 'conflict' });
    expect(await textOf('/r/shared')).toBe('theirs');
  });

  it('of a prefix puts, creates and deletes, and nothing at all if a key has come meanwhile', async () => {
    await server().put('/r/p/same', 'same');
    await server().put('/r/p/changed', 'old');
    const old = await server().put('/r/p/gone', 'gone');
    await server().put('/r/p/changed', 'new');
    await server().delete('/r/p/gone');
    await server().put('/r/p/later', 'x');
    const made = await plan('prefix', '/r/p/', old);
    expect(made.steps.map(({ op, key }) => [op, key])).toEqual([
      ['put', '/r/p/changed'],
      ['put', '/r/p/gone'],
      ['delete', '/r/p/later'],
    ]);
    await server().put('/r/p/meanwhile', 'x');
    await expect(applyPlan(client(), made, options)).rejects.toMatchObject({ code: 'conflict' });
    expect(await textOf('/r/p/changed')).toBe('new');
    await applyPlan(client(), await plan('prefix', '/r/p/', old), options);
    const left = await Promise.all(['same', 'changed', 'gone', 'later', 'meanwhile'].map((name) => textOf(`/r/p/${name}`)));
    expect(left).toEqual(['same', 'old', 'gone', undefined, undefined]);
  });
});
