/** The client of a process that stays. A command uses openClient() (client.ts) with another transport, which needs no undici. */
import { openClient, type Client } from './client.js';
import type { ClusterSettings } from './connection.js';
import { overUndici } from './transport/undici.js';

/** @throws EtcdError invalid_address for an endpoint that cannot be one */
export function createClient(settings: ClusterSettings): Client {
  return openClient(settings, overUndici);
}
