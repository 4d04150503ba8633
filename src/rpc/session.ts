/** What one editor has told us: its private directory and where its clusters are. Opens each profile's client once. */
import { createClient, EtcdError, type Client } from '../etcd/index.js';
import { parseAddress, type Address } from '../keyspace/address.js';
import { openBodies, type Bodies } from './bodies.js';
import type { Configure, PushedEvent } from './protocol.js';

export interface Session {
  bodies(): Bodies;
  setDirectory(dir: string): void;
  configure(settings: Configure): void;
  profiles(): string[];
  /** The profile that `etcd:/x` means. */
  short(): string;
  /** @throws EtcdError invalid_address */
  address(name: string): Address;
  /** @throws EtcdError invalid_address where there is no such profile */
  client(profile: string): Client;
  push(event: PushedEvent): void;
  close(): void;
}

/** @param push sends an event to the editor */
export function openSession(push: (event: PushedEvent) => void): Session {
  let bodies: Bodies | undefined;
  let settings: Configure = { profiles: {} };
  const clients = new Map<string, Client>();

  function forget(profile: string): void {
    void clients.get(profile)?.close();
    clients.delete(profile);
  }

  return {
    bodies() {
      if (!bodies) throw new EtcdError('internal', 'hello was not said');
      return bodies;
    },
    setDirectory(dir) {
      bodies = openBodies(dir);
    },
    configure(next) {
      for (const profile of clients.keys()) {
        if (JSON.stringify(settings.profiles[profile]) !== JSON.stringify(next.profiles[profile])) forget(profile);
      }
      settings = next;
    },
    profiles: () => Object.keys(settings.profiles).filter((profile) => profile !== ''),
    short: () => settings.use ?? '',
    address: (name) => parseAddress(name, settings.use),
    client(profile) {
      const known = clients.get(profile);
      if (known) return known;
      const cluster = settings.profiles[profile];
      if (!cluster) {
        throw new EtcdError('invalid_address', `there is no profile ${JSON.stringify(profile)}`, {
          hint: `a key of the default cluster is written etcd:/${profile}/… or etcd:///${profile}/…`,
        });
      }
      const client = createClient(cluster);
      clients.set(profile, client);
      return client;
    },
    push,
    close() {
      for (const profile of [...clients.keys()]) forget(profile);
      bodies?.remove();
    },
  };
}
