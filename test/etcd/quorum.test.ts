/** A cluster of three that has lost its quorum, or one member: what is read, how it is labelled, and how long it takes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client } from '../../src/client/index.js';
import { readKey } from '../../src/keyspace/document.js';
import { writeKey } from '../../src/keyspace/write/save.js';
import { listLevel } from '../../src/keyspace/listing/level.js';
import { createClient } from '../harness/client.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { tools } from '../harness/tools.js';

const options = { budget: 5000 };

describe.each(tools.etcds)('three members ($name)', ({ command }) => {
  let cluster: TestCluster;
  let client: Client;
  beforeEach(async () => {
    cluster = await startCluster({ command, size: 3 });
    client = createClient({ endpoints: cluster.endpoints });
    await cluster.inspect().put('/app/x', 'value');
    await readKey(client, '/app/x', undefined, options);
  });
  afterEach(async () => {
    await client.close();
    await cluster.close();
  });

  it('of which one is left: reads are stale and say so, nothing else is', async () => {
    await cluster.kill(1);
    await cluster.kill(2);
    const began = performance.now();
    expect(await readKey(client, '/app/x', undefined, options, true)).toMatchObject({ stale: true, kv: { value: Buffer.from('value') } });
    expect(await listLevel(client, { prefix: '/app/', stale: true }, { budget: 60_000 })).toMatchObject({ stale: true, names: ['x'] });
    expect(performance.now() - began).toBeLessThan(11_000);
    await expect(readKey(client, '/app/x', undefined, { budget: 1000 })).rejects.toMatchObject({
      code: expect.stringMatching(/timeout|unavailable/) as string,
    });
    const put = { key: '/app/x', value: Buffer.from('2'), force: true };
    await expect(writeKey(client, put, { budget: 2000 })).rejects.toMatchObject({
      code: expect.stringMatching(/timeout|unavailable|outcome_unknown/) as string,
    });
  });

  it('of which one hangs, one is dead and one is left: it answers, whichever is asked first', async () => {
    cluster.stop(0);
    await cluster.kill(1);
    expect(await readKey(client, '/app/x', undefined, options, true)).toMatchObject({ stale: true, kv: { value: Buffer.from('value') } });
    cluster.resume(0);
  });

  it('of which the one in use hangs: a second, and then the others at once', async () => {
    const hung = cluster.endpoints.findIndex((endpoint) => client.endpoint().endsWith(endpoint));
    cluster.stop(hung);
    const began = performance.now();
    const { stale } = await readKey(client, '/app/x', undefined, options, true);
    expect(stale).toBe(false);
    const waited = performance.now() - began;
    const again = performance.now();
    await readKey(client, '/app/x', undefined, options);
    expect(performance.now() - again).toBeLessThan(waited / 2);
    cluster.resume(hung);
  });

  it('say nothing of members and alarms where nobody answers', async () => {
    for (const member of [0, 1, 2]) await cluster.kill(member);
    const { members, alarms, endpoints } = await client.status(options);
    expect({ members, alarms }).toEqual({ members: undefined, alarms: undefined });
    expect(endpoints.map(({ reachable }) => reachable)).toEqual([false, false, false]);
  });

  it('tell their status, and which of the endpoints are down', async () => {
    await cluster.kill(2);
    const { members = [], endpoints, clusterId, denied } = await client.status(options);
    expect(members).toHaveLength(3);
    expect(members.filter(({ leader }) => leader).length).toBeLessThanOrEqual(1);
    expect(members.filter(({ version }) => version !== undefined)).toHaveLength(2);
    expect(endpoints.map(({ reachable }) => reachable)).toEqual([true, true, false]);
    expect(clusterId).toMatch(/^\d+$/);
    expect(denied).toEqual([]);
  });
});
