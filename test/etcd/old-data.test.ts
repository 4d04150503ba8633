/** An etcd that only has data of its v2 API looks empty, so that is told. 3.6 no longer has that API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../src/client/index.js';
import { createClient } from '../harness/client.js';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';
import { etcdenv } from '../harness/etcdenv.js';
import { tools } from '../harness/tools.js';
import { options } from './servers.js';

describe.each(tools.etcds)('old data ($name)', ({ command }) => {
  let server: TestEtcd;
  let client: Client;
  beforeAll(async () => {
    server = await startEtcd(command, ['--enable-v2']);
    client = createClient({ endpoints: [server.endpoint] });
  });
  afterAll(async () => {
    await client.close();
    await server.stop();
  });
  const isOld = async () => client.hasOldData((await client.range({ key: '\0' }, options)).header, options);

  it('is told from the first v2 key on, until v3 has had one', async () => {
    expect(await isOld()).toBe(false);
    const put = await fetch(`http://${server.endpoint}/v2/keys/service/leader`, {
      method: 'PUT',
      body: new URLSearchParams({ value: 'a' }),
    });
    expect(put.status).toBe(201);
    expect(await isOld()).toBe(true);
    const { code, stderr } = await etcdenv(['-host', server.endpoint, '-key=/service/', 'true']);
    expect([code, stderr]).toEqual([
      125,
      expect.stringContaining('nothing under /service/; this etcd has data of its v2 API, which is not'),
    ]);
    await server.put('/x', 'y');
    expect(await isOld()).toBe(false);
  });
});

describe.each(tools.etcds)('no old data ($name)', ({ command }) => {
  it('is told of an etcd without that API', async () => {
    const server = await startEtcd(command);
    const client = createClient({ endpoints: [server.endpoint] });
    expect(await client.hasOldData({ revision: '1' }, options)).toBe(false);
    await client.close();
    await server.stop();
  });
});
