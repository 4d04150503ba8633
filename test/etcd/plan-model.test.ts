/** Plans of any kind against a model, with another client in between: nothing is lost, and nothing of the other client's is overwritten. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, prefixEnd, type Client } from '../../src/client/index.js';
import { applyPlan } from '../../src/keyspace/plan/apply.js';
import { pastOf } from '../../src/keyspace/plan/past.js';
import { removePlan } from '../../src/keyspace/plan/remove.js';
import { renamePlan } from '../../src/keyspace/plan/rename.js';
import { undoPlan } from '../../src/keyspace/plan/undo.js';
import type { Plan } from '../../src/keyspace/write/plan.js';
import { readSubtree } from '../../src/keyspace/subtree.js';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';
import { keys as hostile } from '../harness/hostile.js';
import { tools } from '../harness/tools.js';
import { runs } from '../harness/runs.js';

const options = { budget: 10_000 };
const RUNS = runs(process.env['ETCD_VIM_TEST_SHORT'] ? 25 : 100);

/** Key -> value. */
type Tree = Map<string, string>;

const names = [
  'x',
  'y',
  'z/',
  'z/1',
  '',
  '%2F',
  '\xff',
  '\xff\xff',
  ...hostile.slice(0, 20).map((key) => key.toString('latin1').replaceAll('/', '|')),
];
const tree = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 12 });
const kinds = fc.constantFrom('remove', 'rename', 'copy');
/** What another client does between plan and apply. */
const meddling = fc.option(fc.record({ at: fc.nat(11), what: fc.constantFrom('put', 'delete', 'new') }), { nil: undefined });

describe.each(tools.etcds)('plans against a model ($name)', ({ command }) => {
  let etcd: TestEtcd;
  let client: Client;
  let serial = 0;
  beforeAll(async () => {
    etcd = await startEtcd(command);
    client = createClient({ endpoints: [etcd.endpoint] });
  });
  afterAll(async () => {
    await client.close();
    await etcd.stop();
  });

  async function read(prefix: string): Promise<Tree> {
    const found: Tree = new Map();
    for await (const { kvs } of readSubtree(client, { start: prefix, end: prefixEnd(prefix) }, options)) {
      for (const { key, value } of kvs) found.set(key.slice(prefix.length), value.toString());
    }
    return found;
  }

  const put = async (key: string, value: string) => etcd.put(Buffer.from(key, 'latin1'), value);
  const drop = async (key: string) => {
    await etcd.post('/v3/kv/deleterange', { key: Buffer.from(key, 'latin1').toString('base64') });
  };

  async function make(kind: string, root: string): Promise<Plan> {
    const from = { kind: 'prefix' as const, key: `${root}from/` };
    if (kind === 'remove') return removePlan(client, [from], options);
    const to = { kind: 'prefix' as const, key: `${root}to/` };
    return (await renamePlan({ source: client, target: client }, { from: [from], to, copy: kind === 'copy', force: false }, options))
      .target;
  }

  function expected(kind: string, before: Tree): Tree {
    const moved = [...before].map(([key, value]): [string, string] => [`to/${key.slice('from/'.length)}`, value]);
    return new Map(kind === 'remove' ? [] : kind === 'copy' ? [...before, ...moved] : moved);
  }

  const sorted = (of: Tree): Tree => new Map([...of].sort(([a], [b]) => (a < b ? -1 : 1)));

  it('are done as a whole or not at all, and are taken back', async () => {
    await fc.assert(
      fc.asyncProperty(tree, kinds, meddling, async (keys, kind, meddle) => {
        const root = `/model/${++serial}/`;
        for (const key of keys) await put(`${root}from/${key}`, `value of ${key}`);
        const plan = await make(kind, root);
        const victim = `${root}from/${keys[(meddle?.at ?? 0) % keys.length] ?? ''}`;
        if (meddle?.what === 'put') await put(victim, 'theirs');
        if (meddle?.what === 'delete') await drop(victim);
        if (meddle?.what === 'new') await put(`${root}${kind === 'copy' ? 'to' : 'from'}/theirs`, 'theirs');
        const before = await read(root);
        const applied = await applyPlan(client, plan, options).catch((error: unknown) => error);
        const after = await read(root);
        if (applied instanceof Error) {
          expect(meddle).toBeDefined();
          expect(applied).toMatchObject({ code: 'conflict' });
          expect(after).toEqual(before);
          return;
        }
        // If a plan deletes what was deleted since, it has no objection.
        expect(meddle === undefined || (kind === 'remove' && meddle.what === 'delete')).toBe(true);
        expect(after).toEqual(sorted(expected(kind, before)));
        const { done } = applied as Awaited<ReturnType<typeof applyPlan>>;
        const { plan: back, refused } = await undoPlan(client, done.map(pastOf), options);
        expect(refused).toEqual([]);
        if (back.steps.length > 0) await applyPlan(client, back, options);
        expect(await read(root)).toEqual(before);
      }),
      { numRuns: RUNS },
    );
  });

  it('of thousands of keys are one txn, and refuse one change among them', async () => {
    const root = `/large/${++serial}/`;
    const puts = Array.from({ length: 3000 }, (_, i) => ({
      op: 'put' as const,
      key: `${root}from/${i}`,
      value: Buffer.from(`v${i}`),
      modRevision: '0',
    }));
    const filled = await applyPlan(client, { steps: puts }, options);
    expect(filled).toMatchObject({ done: [{}], left: [] });
    const plan = await make('rename', root);
    await put(`${root}from/2999`, 'theirs');
    await expect(applyPlan(client, plan, options)).rejects.toMatchObject({ code: 'conflict' });
    expect((await read(`${root}to/`)).size).toBe(0);
    await drop(`${root}from/1500`);
    const second = await make('rename', root);
    await drop(`${root}from/700`);
    await expect(applyPlan(client, second, options)).rejects.toMatchObject({ code: 'conflict' });
    const done = await applyPlan(client, await make('rename', root), options);
    expect(done).toMatchObject({ done: [{}], left: [] });
    expect([(await read(`${root}from/`)).size, (await read(`${root}to/`)).size]).toEqual([0, 2998]);
  });

  it('that no request can hold leave every value in its old place or in its new one, wherever they stop', async () => {
    const root = `/steps/${++serial}/`;
    const value = Buffer.alloc(100_000, 'v');
    const keys = Array.from({ length: 40 }, (_, i) => `${i}`);
    for (const key of keys) await etcd.put(`${root}from/${key}`, value);
    for (const stopAt of [1, 2, 3]) {
      const halt = new AbortController();
      let requests = 0;
      const plan = await make('rename', root).catch(() => undefined);
      if (!plan) break;
      const onProgress = (): void => {
        if (++requests === stopAt) halt.abort(new Error('stop'));
      };
      const applied = await applyPlan(client, plan, { ...options, halt: halt.signal, onProgress });
      const [from, to] = [await read(`${root}from/`), await read(`${root}to/`)];
      expect(keys.every((key) => from.has(key) || to.has(key))).toBe(true);
      if (applied.left.length === 0) {
        expect([from.size, to.size]).toEqual([0, keys.length]);
        break;
      }
      expect(from.size).toBe(keys.length);
      expect(to.size).toBe(applied.done.flatMap(({ steps }) => steps).length);
      const { plan: back } = await undoPlan(client, applied.done.map(pastOf), options);
      await applyPlan(client, back, options);
      expect((await read(`${root}to/`)).size).toBe(0);
    }
  });

  it('find out what the server takes', async () => {
    const small = await startEtcd(command, ['--max-txn-ops=16', '--max-request-bytes=100000']);
    const other = createClient({ endpoints: [small.endpoint] });
    const steps = Array.from({ length: 60 }, (_, i) => ({
      op: 'put' as const,
      key: `/s/${i}`,
      value: Buffer.alloc(4000, 'v'),
      modRevision: '0',
    }));
    const one = await applyPlan(other, { steps: steps.slice(0, 20) }, options);
    const many = await applyPlan(other, { steps: steps.slice(20) }, options);
    expect([one.done.length, many.done.length > 1, one.left.length + many.left.length]).toEqual([1, true, 0]);
    await other.close();
    await small.stop();
  });

  it('swap two keys in one txn, and keep their leases', async () => {
    const lease = await etcd.grantLease(600);
    const root = `/swap/${++serial}/`;
    const [a, b] = [await etcd.put(`${root}a`, 'a', lease), await etcd.put(`${root}b`, 'b')];
    const from = (key: string, modRevision: string) => ({ key, moved: true, modRevision });
    await applyPlan(
      client,
      {
        steps: [
          { op: 'put', key: `${root}a`, value: Buffer.from('b'), modRevision: a, lease: '0', from: from(`${root}b`, b) },
          { op: 'put', key: `${root}b`, value: Buffer.from('a'), modRevision: b, lease, from: from(`${root}a`, a) },
        ],
      },
      options,
    );
    expect(await etcd.get(`${root}a`)).toMatchObject({ value: Buffer.from('b'), lease: '0' });
    expect(await etcd.get(`${root}b`)).toMatchObject({ value: Buffer.from('a'), lease });
  });
});
