/** Every etcd of this run, one after the other: each test says in its name which server it ran on. */
import { afterAll, beforeAll, describe } from 'vitest';
import type { Client } from '../../src/client/index.js';
import { createClient } from '../harness/client.js';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';
import { tools } from '../harness/tools.js';

export const options = { budget: 5000 };

export function onEveryServer(title: string, body: (server: () => TestEtcd, client: () => Client) => void): void {
  describe.each(tools.etcds)(`${title} ($name)`, ({ command }) => {
    let server: TestEtcd;
    let client: Client;
    beforeAll(async () => {
      server = await startEtcd(command);
      client = createClient({ endpoints: [server.endpoint] });
    });
    afterAll(async () => {
      await client.close();
      await server.stop();
    });
    body(
      () => server,
      () => client,
    );
  });
}
