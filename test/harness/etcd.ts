/** A real etcd of one member, thrown away afterwards, and a second client to look into it. */
import { startCluster } from './cluster.js';
import type { Inspector } from './inspector.js';

export { freePort } from './port.js';

export interface TestEtcd extends Inspector {
  /** `127.0.0.1:port` */
  endpoint: string;
  stop(): Promise<void>;
}

/** @param command an etcd binary; by default the newest of this run */
export async function startEtcd(command?: string, flags: string[] = [], onDisk = false): Promise<TestEtcd> {
  const cluster = await startCluster({ flags, onDisk, ...(command !== undefined && { command }) });
  return { ...cluster.inspect(), endpoint: cluster.endpoints[0] as string, stop: cluster.close };
}
