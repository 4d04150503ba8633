/** An etcd whose relay cuts the connection at the moment that matters. */
import { createClient, type Client } from '../../src/client/index.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { startRelay, type Relay } from '../harness/relay.js';

export interface Relayed {
  cluster: TestCluster;
  relay: Relay;
  /** It only knows the way through the relay. */
  client: Client;
  close(): Promise<void>;
}

/** @param command an etcd binary */
export async function startRelayed(command: string): Promise<Relayed> {
  const cluster = await startCluster({ command });
  const relay = await startRelay(cluster.endpoints[0] as string);
  const client = createClient({ endpoints: [relay.endpoint] });
  return {
    cluster,
    relay,
    client,
    async close() {
      await client.close();
      relay.close();
      await cluster.close();
    },
  };
}

/**
 * The first txn is carried out, and its answer is lost. Then something happens before the client comes again.
 * @returns done: settles when that has happened
 */
export function loseAnswer(relay: Relay, meanwhile: () => Promise<unknown> = () => Promise.resolve()): { done: Promise<void> } {
  const lost = { done: Promise.resolve() };
  relay.onRequest = (piece, wire) => {
    if (!piece.includes('/v3/kv/txn')) return;
    relay.onRequest = (_, next) => next.cut();
    lost.done = wire.answered.then(async () => {
      await meanwhile();
      relay.onRequest = undefined;
    });
    wire.cut();
  };
  return lost;
}
