/** Values near the server's limit, and beyond the default limit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type Client } from '../../src/client/index.js';
import { digestOf, readKey } from '../../src/keyspace/document.js';
import { writeKey } from '../../src/keyspace/write/save.js';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';
import { startRelay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { onEveryServer } from './servers.js';

const options = { budget: 30_000 };
const KEY = '/near'.padEnd(100, '-');
/** What a plain put of KEY needs besides its value, in etcd's own count. */
const PLAIN = KEY.length + 25;
const LIMIT = 1.5 * 1024 * 1024;

async function baseOf(client: Client, key: string) {
  const { header, kv } = await readKey(client, key, undefined, options);
  return { modRevision: kv?.modRevision ?? '', digest: '', clusterId: header.clusterId };
}

onEveryServer('a value near the limit', (server, client) => {
  it('that a plain put has stored is written again, but for the bytes of the compare', async () => {
    await server().put(KEY, Buffer.alloc(LIMIT - PLAIN, 'a'));
    const value = Buffer.alloc(LIMIT - PLAIN - KEY.length - 25, 'b');
    const base = await baseOf(client(), KEY);
    const written = await writeKey(client(), { key: KEY, value, base, force: false }, options);
    expect(written).toMatchObject({ created: false, unchanged: false, kv: { version: '2', modRevision: written.modRevision } });
    expect((await server().get(KEY))?.value.equals(value)).toBe(true);
    const late = writeKey(client(), { key: KEY, value: Buffer.alloc(LIMIT / 2), base, force: false }, options);
    await expect(late).rejects.toMatchObject({ code: 'conflict', theirsRevision: written.modRevision });
    expect((await server().get(KEY))?.value.equals(value)).toBe(true);
  });

  it('that is too large costs one request, and says how large it is', async () => {
    const relay = await startRelay(server().endpoint);
    let asked = 0;
    relay.onRequest = (piece) => (asked += piece.toString('latin1').split('POST /').length - 1);
    const counted = createClient({ endpoints: [relay.endpoint] });
    for (const [size, why] of [
      [LIMIT, 'etcdserver: request is too large'],
      [2 * LIMIT, 'grpc: received message larger than max'],
    ] as const) {
      asked = 0;
      await expect(writeKey(counted, { key: '/large', value: Buffer.alloc(size), force: false }, options)).rejects.toMatchObject({
        code: 'too_large',
        message: expect.stringMatching(`^${why}.*; the value has ${size} bytes, and key and compare add about \\d+$`) as string,
        hint: expect.stringContaining('--max-request-bytes') as string,
        indefinite: false,
      });
      expect(asked).toBe(1);
    }
    await counted.close();
    relay.close();
  });
});

describe.each(tools.etcds)('a server with a higher limit ($name)', ({ command }) => {
  let server: TestEtcd;
  let client: Client;
  beforeAll(async () => {
    server = await startEtcd(command, ['--max-request-bytes', String(40 * 1024 * 1024)]);
    client = createClient({ endpoints: [server.endpoint] });
  });
  afterAll(async () => {
    await client.close();
    await server.stop();
  });

  it('takes and gives 13 MB', async () => {
    const value = Buffer.alloc(13e6, 'abc');
    const { modRevision } = await writeKey(client, { key: '/huge', value, force: true }, options);
    const { kv } = await readKey(client, '/huge', undefined, options);
    expect(kv).toMatchObject({ modRevision });
    expect(digestOf(kv?.value ?? Buffer.alloc(0))).toBe(digestOf(value));
  });
});
