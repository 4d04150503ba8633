import { expect, it } from 'vitest';
import { listLevel } from '../../src/keyspace/listing.js';
import type { TestEtcd } from '../harness/etcd.js';
import { namesByDefinition } from '../harness/model.js';
import { onEveryServer, options } from './servers.js';

/** Puts the keys in txns of 100, which is what makes thousands cheap. */
async function putAll(server: TestEtcd, keys: string[]): Promise<void> {
  for (let i = 0; i < keys.length; i += 100) {
    const success = keys
      .slice(i, i + 100)
      .map((key) => ({ request_put: { key: Buffer.from(key, 'latin1').toString('base64'), value: '' } }));
    expect((await server.post('/v3/kv/txn', { success })).status).toBe(200);
  }
}

const binary = [
  '/b/',
  '/b//',
  '/b//x',
  '/b/\x00',
  '/b/\x00/y',
  '/b/\xff',
  '/b/\xff/z',
  '/b/a',
  '/b/a-',
  '/b/a/',
  '/b/a/b',
  '/b0',
  'b/x',
  '\xff\xff',
];

onEveryServer('listing', (server, client) => {
  it("is one level, in etcd's order, of keys that are anything", async () => {
    await putAll(server(), binary);
    for (const prefix of ['/b/', '/b//', '', '/', '\xff', 'b/', '/b/a/']) {
      const level = await listLevel(client(), { prefix }, options);
      expect(level.names).toEqual(namesByDefinition(binary, prefix));
    }
  });

  it('reads pages at one revision while others write', async () => {
    const keys = Array.from({ length: 3000 }, (_, i) => `/p/k${10_000 + i}`);
    await putAll(server(), keys);
    let writes = 0;
    const busy = {
      ...client(),
      range: async (...request: Parameters<ReturnType<typeof client>['range']>) => {
        const page = await client().range(...request);
        await server().put(`/p/k1${String(writes++)}-new`, '');
        await server().delete(`/p/k${12_900 + writes}`);
        return page;
      },
    };
    const level = await listLevel(busy, { prefix: '/p/' }, options);
    expect(writes).toBeGreaterThan(1);
    expect(level.names).toEqual(namesByDefinition(keys, '/p/'));
  });

  it('reads the past, and says when it is gone', async () => {
    const revision = await server().put('/past/a', '');
    await server().put('/past/b', '');
    expect((await listLevel(client(), { prefix: '/past/', revision }, options)).names).toEqual(['a']);
    await server().post('/v3/kv/compaction', { revision: String(Number(revision) + 1) });
    await expect(listLevel(client(), { prefix: '/past/', revision }, options)).rejects.toMatchObject({ code: 'compacted' });
    await expect(listLevel(client(), { prefix: '/past/', revision: '999999' }, options)).rejects.toMatchObject({ code: 'future_revision' });
  });
});
