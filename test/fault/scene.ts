/** What the rows of a watch have in common. */
import { createClient, type Credentials } from '../../src/client/index.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { startRelay, type Relay } from '../harness/relay.js';
import { startChurn, type Churn } from './churn.js';
import { follow, type Follower } from './follower.js';
import type { Ledger } from './ledger.js';

/** A cluster of one member, a follower that only knows the way through the relay, and somebody who changes what it follows. */
export interface Scene {
  cluster: TestCluster;
  relay: Relay;
  churn: Churn;
  follower: Follower;
}

export interface Staging {
  /** For etcd. */
  flags?: string[];
  /** Of the follower. */
  credentials?: Credentials;
  /** Before the follower comes. */
  prepare?: (cluster: TestCluster) => Promise<void>;
}

export async function stage(
  command: string,
  play: (scene: Scene) => Promise<void>,
  { flags = [], credentials, prepare }: Staging = {},
): Promise<void> {
  const cluster = await startCluster({ command, flags });
  const relay = await startRelay(cluster.endpoints[0] as string);
  const client = createClient({ endpoints: [relay.endpoint], ...(credentials && { credentials }) });
  const churn = startChurn(() => cluster.inspect(0));
  try {
    await prepare?.(cluster);
    const follower = await follow(client);
    await play({ cluster, relay, churn, follower });
    await follower.end();
  } finally {
    await churn.stop();
    await client.close();
    relay.close();
    await cluster.close();
  }
}

export const here = ({ endpoints }: TestCluster): string => endpoints[0] as string;

/**
 * Waits until everything that has happened by now is heard.
 * @param resyncs how often it must have been said by then that changes may have been missed
 * @returns how far etcd was, and the ms that it took
 */
export async function caughtUp(
  ledger: Ledger,
  { cluster, follower }: Scene,
  what: string,
  resyncs = 0,
): Promise<{ revision: string; ms: number }> {
  const began = performance.now();
  const revision = await cluster.inspect().put('/w/mark', what);
  const isThere = await follower.reaches(revision, resyncs);
  ledger.hold(isThere, `${what}: revision ${revision} is not heard of: ${follower.error?.message ?? 'no error'}`);
  return { revision, ms: performance.now() - began };
}
