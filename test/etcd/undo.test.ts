/** Undo: whatever cannot go back stays where it is, and what others have done stays done. */
import { expect, it } from 'vitest';
import { prefixEnd, type Client, type Key } from '../../src/client/index.js';
import { applyPlan } from '../../src/keyspace/plan/apply.js';
import { pastOf, type Past } from '../../src/keyspace/plan/past.js';
import { removePlan } from '../../src/keyspace/plan/remove.js';
import { renamePlan } from '../../src/keyspace/plan/rename.js';
import { undoPlan } from '../../src/keyspace/plan/undo.js';
import { onEveryServer, options } from './servers.js';

function named(key: Key) {
  return { kind: key.endsWith('/') ? ('prefix' as const) : ('key' as const), key };
}

/** @returns what an undo of it needs */
async function move(client: Client, from: Key, to: Key): Promise<Past[]> {
  const request = { from: [named(from)], to: named(to), copy: false, force: false };
  const { target } = await renamePlan({ source: client, target: client }, request, options);
  return (await applyPlan(client, target, options)).done.map(pastOf);
}

async function held(client: Client, prefix: Key): Promise<Record<string, string>> {
  const { kvs } = await client.range({ key: prefix, rangeEnd: prefixEnd(prefix) }, options);
  return Object.fromEntries(kvs.map(({ key, value }) => [key.slice(prefix.length), value.length > 10 ? 'large' : value.toString()]));
}

onEveryServer('an undo', (server, client) => {
  it('leaves what cannot go back, because someone else has taken its place', async () => {
    await server().put('/taken/a/x', 'one');
    await server().put('/taken/a/y', 'two');
    const past = await move(client(), '/taken/a/', '/taken/b/');
    await server().put('/taken/a/x', 'theirs');
    const { plan, refused } = await undoPlan(client(), past, options);
    await applyPlan(client(), plan, options);
    expect(await held(client(), '/taken/')).toEqual({ 'a/x': 'theirs', 'a/y': 'two', 'b/x': 'one' });
    expect(refused.join()).toMatch(/a\/x: it was created again.*b\/x: its value could not go back/);
  });

  it('leaves what nobody remembers after a compaction', async () => {
    await server().put('/large/a', Buffer.alloc(300_000, 'v'));
    const past = await move(client(), '/large/a', '/large/b');
    const revision = await server().put('/elsewhere', '');
    await server().post('/v3/kv/compaction', { revision, physical: true });
    const { plan } = await undoPlan(client(), past, options);
    await applyPlan(client(), plan, options);
    expect(await held(client(), '/large/')).toEqual({ b: 'large' });
  });

  it('does not bring back what others had deleted before we could', async () => {
    await server().put('/gone/x', 'one');
    const plan = await removePlan(client(), [named('/gone/')], options);
    await client().txn({ then: [{ op: 'delete', key: '/gone/x' }] }, options);
    const { done } = await applyPlan(client(), plan, options);
    const { plan: back, refused } = await undoPlan(client(), done.map(pastOf), options);
    expect([back.steps, refused]).toEqual([[], []]);
  });
});
