/** Edited listings on real servers: what is read, planned from its text, and done. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, prefixEnd, type Client } from '../../src/client/index.js';
import { readOutline } from '../../src/keyspace/edit/outline.js';
import { planEdit, type Edited } from '../../src/keyspace/edit/plan.js';
import { applyPlan } from '../../src/keyspace/plan/apply.js';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';
import { tools } from '../harness/tools.js';

const options = { budget: 20_000 };

describe.each(tools.etcds)('an edited listing ($name)', ({ command }) => {
  let etcd: TestEtcd;
  let client: Client;
  beforeEach(async () => {
    etcd = await startEtcd(command);
    client = createClient({ endpoints: [etcd.endpoint] });
  });
  afterEach(async () => {
    await client.close();
    await etcd.stop();
  });

  async function tree(prefix: string): Promise<Record<string, string>> {
    const { kvs } = await client.range({ key: prefix, rangeEnd: prefixEnd(prefix) }, options);
    return Object.fromEntries(kvs.map(({ key, value }) => [key, value.toString()]));
  }

  /** The listing of `prefix`, numbered from `first` on, and its text after `change`. */
  async function edited(prefix: string, change: (text: string) => string, first = 1, isTree = false): Promise<Edited> {
    const { names, header } = await readOutline(client, { prefix, tree: isTree }, options);
    const base = names.map((name, i) => `${first + i}\t${name}\n`).join('');
    return { address: `etcd://${prefix}?edit`, prefix, base, text: change(base), header };
  }

  async function write(...texts: Edited[]): Promise<number> {
    const { plan } = await planEdit(client, { edited: texts }, options);
    return (await applyPlan(client, plan, options)).done.length;
  }

  it('renames, swaps, copies, creates and deletes at one revision, leases included', async () => {
    const lease = await etcd.grantLease(600);
    for (const name of ['a', 'b', 'db/host', 'db/port', 'old/x', 'z'])
      await etcd.put(`/app/${name}`, name, name === 'a' ? lease : undefined);
    await etcd.put('/app', 'beside');
    const changes = { '1\ta': '1\tb', '2\tb': '2\ta\n2\tb2', '3\tdb/': '3\t../sql/', '4\told/\n': '', '5\tz': '5\tz\nnew' };
    const change = (text: string): string => Object.entries(changes).reduce((all, [from, to]) => all.replace(from, to), text);
    expect(await write(await edited('/app/', change))).toBe(1);
    expect(await tree('/')).toEqual({
      ...{ '/app': 'beside', '/app/a': 'b', '/app/b': 'a', '/app/b2': 'b', '/app/new': '', '/app/z': 'z' },
      ...{ '/sql/host': 'db/host', '/sql/port': 'db/port' },
    });
    expect([(await etcd.get('/app/b'))?.lease, (await etcd.get('/app/a'))?.lease]).toEqual([lease, '0']);
    expect((await etcd.get('/sql/host'))?.modRevision).toBe((await etcd.get('/app/new'))?.modRevision);
  });

  it('renames 1,000 keys of a tree at once, and moves between two texts', async () => {
    for (let i = 0; i < 1000; i += 100) {
      const success = Array.from({ length: 100 }, (_, j) => ({
        request_put: { key: Buffer.from(`/t/k${1000 + i + j}`).toString('base64'), value: 'eA==' },
      }));
      await etcd.post('/v3/kv/txn', { success });
    }
    await etcd.put('/u/x', 'x');
    const here = await edited('/t/', (text) => text.replaceAll('\tk', '\tn').replace('1\tn1000\n', ''), 1, true);
    const there = await edited('/u/', (text) => `${text}1\tcame`, 5000);
    expect(await write(here, there)).toBe(1);
    const after = Object.keys(await tree('/'));
    expect([after.length, after[0], after.at(-1), after.at(-2)]).toEqual([1001, '/t/n1001', '/u/x', '/u/came']);
  });

  it('does nothing if a key has changed between the plan and its txn', async () => {
    await etcd.put('/app/db/a', 'a');
    const { plan } = await planEdit(client, { edited: [await edited('/app/', (text) => text.replace('db/', 'sql/'))] }, options);
    await etcd.put('/app/db/a', 'theirs');
    await expect(applyPlan(client, plan, options)).rejects.toMatchObject({ code: 'conflict' });
    expect(await tree('/')).toEqual({ '/app/db/a': 'theirs' });
  });

  it('is for the cluster that was listed', async () => {
    await etcd.put('/app/a', 'a');
    const text = await edited('/app/', (lines) => lines.replace('\ta', '\tb'));
    const other = { ...text, header: { ...text.header, clusterId: '42' } };
    await expect(planEdit(client, { edited: [other] }, options)).rejects.toMatchObject({ code: 'cluster_changed' });
  });
});
