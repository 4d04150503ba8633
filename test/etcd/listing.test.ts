import { expect, it } from 'vitest';
import { seeded } from '../harness/listing/shapes.js';
import type { Client } from '../../src/client/index.js';
import { listLevel } from '../../src/keyspace/listing/level.js';
import { putAll } from '../harness/load.js';
import { namesByDefinition } from '../harness/listing/model.js';
import { onEveryServer, options } from './servers.js';

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

  it('reads everything at one revision while others write', async () => {
    const shape = seeded(104);
    const keys = shape.keys(0.1);
    await putAll(server(), keys);
    let writes = 0;
    async function write(): Promise<void> {
      const near = keys[(writes * 997) % keys.length] as string;
      if (++writes % 2) await server().put(`${near}-new/x`, '');
      else await server().delete(near);
    }
    const busy: Client = {
      ...client(),
      rangeMany: async (many, o) => client().rangeMany(many, o).finally(write),
      scan: async (one, onKey, o) => client().scan(one, onKey, o).finally(write),
    };
    const level = await listLevel(busy, { prefix: shape.prefix }, options);
    expect(writes).toBeGreaterThan(5);
    expect(level.names).toEqual(namesByDefinition(keys, shape.prefix));
    const now = await listLevel(client(), { prefix: shape.prefix, ...(level.hints && { hints: level.hints }) }, options);
    expect(now.names).not.toEqual(level.names);
    expect(now.names).toEqual((await listLevel(client(), { prefix: shape.prefix }, options)).names);
  });

  it('is cancelled at once, and the front is what it was', async () => {
    const cancel = new AbortController();
    const front: string[] = [];
    const onFront = (names: string[]): void => {
      front.push(...names);
      cancel.abort();
    };
    const { prefix } = seeded(104);
    await expect(listLevel(client(), { prefix, onFront }, { ...options, signal: cancel.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const { names } = await listLevel(client(), { prefix }, options);
    expect(front.length).toBeGreaterThan(0);
    expect(front).toEqual(names.slice(0, front.length));
    expect(front.length).toBeLessThan(names.length);
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
