/** The client of a test, with the transport of its project. The project etcd-http (vitest.config.ts) runs tests without undici. */
import { openClient, overNodeHttp, type Client, type ClusterSettings, type Transport } from '../../src/client/index.js';
import { overUndici } from '../../src/client/transport/undici.js';

export const transport: Transport = process.env['ETCD_VIM_TEST_TRANSPORT'] === 'node-http' ? overNodeHttp : overUndici;

/** Like createClient(). */
export function createClient(settings: ClusterSettings): Client {
  return openClient(settings, transport);
}
