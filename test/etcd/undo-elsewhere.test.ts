/** Another cluster answers at the same endpoint: what was done in the first one is not taken back there. */
import { expect, it } from 'vitest';
import { openHost } from '../fault/host.js';
import { startCluster } from '../harness/cluster.js';
import { tools } from '../harness/tools.js';

it.each(tools.etcds)('an undo is for the cluster in which it was done ($name)', async ({ command }) => {
  const cluster = await startCluster({ command });
  const host = await openHost({ endpoints: cluster.endpoints });
  const apply = async (plan: unknown) => host.ask('apply', { plan });
  try {
    await cluster.inspect().put('/a/x', 'of the first');
    const made = await host.ask('rename', { names: [{ name: 'etcd:///a/' }], to: 'etcd:///b/' });
    expect((await apply(made.ok?.['plan'])).err).toBeUndefined();
    await host.ask('put', { name: 'etcd:///c' }, 'written');
    await cluster.swap();
    for (let i = 0; i < 9; i++) await cluster.inspect().put('/b/x', 'of the second');
    await cluster.inspect().put('/c', 'of the second');
    for (const change of [1, 2]) {
      const { err } = await host.ask('undo', { change });
      expect(err?.code).toBe('cluster_changed');
      expect(err?.message).toMatch(/cannot undo.*: (rename|write) etcd:.*in another cluster of the profile default: cluster \d+ answers/);
    }
    expect([(await cluster.inspect().get('/b/x'))?.value.toString(), await cluster.inspect().get('/a/x')]).toEqual([
      'of the second',
      undefined,
    ]);
  } finally {
    host.close();
    await cluster.close();
  }
});
