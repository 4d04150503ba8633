/** What one editor has told us: its private directory and where its clusters are. Opens each profile's client once. */
import { createClient, EtcdError, type Client, type Secret } from '../etcd/index.js';
import { parseAddress, writeWith, type Address } from '../keyspace/address.js';
import { openBodies, type Bodies } from './bodies.js';
import { clusterSettings, openSecrets, type Secrets } from './profiles.js';
import type { Configure, PushedEvent } from './protocol.js';
import type { ProfileSettings } from './settings.js';

export interface Session {
  bodies(): Bodies;
  /**
   * Makes the private directory, or keeps `before`.
   * @throws EtcdError internal where no place for one is safe
   */
  setDirectory(owner: string, before?: string): void;
  /** Removes the bodies of an answer that nobody takes. */
  withdraw(answer: unknown): void;
  configure(settings: Configure): void;
  profiles(): string[];
  /** The profile that `etcd:/x` means. */
  short(): string;
  /** Whether the names of files, which are UTF-8, read the same in the editor. */
  isUnicode(): boolean;
  /** @throws EtcdError invalid_address */
  address(name: string): Address;
  /** @throws EtcdError invalid_address where there is no such profile */
  settings(profile: string): ProfileSettings;
  /** @throws EtcdError invalid_address where there is no such profile */
  client(profile: string): Client;
  /** What the user was asked for. */
  answer(profile: string, what: Secret, secret: string): void;
  push(event: PushedEvent): void;
  close(): void;
}

/** The files that an answer names, wherever it names them (src/rpc/protocol.ts). */
function filesOf(answer: unknown): string[] {
  interface Offered {
    file?: string;
  }
  const { file, theirs, base } = answer as Offered & { theirs?: Offered | null; base?: Offered | null };
  return [file, theirs?.file, base?.file].filter((name) => name !== undefined);
}

/** @param push sends an event to the editor */
export function openSession(push: (event: PushedEvent) => void): Session {
  let bodies: Bodies | undefined;
  let settings: Configure = { profiles: {} };
  const clients = new Map<string, { client: Client; secrets: Secrets }>();
  const told = new Set<string>();

  function forget(profile: string): void {
    void clients.get(profile)?.client.close();
    clients.delete(profile);
  }

  function notice(text: string): void {
    if (!told.has(text)) push({ event: 'notice', text });
    told.add(text);
  }

  function settingsOf(profile: string): ProfileSettings {
    const own = Object.hasOwn(settings.profiles, profile) ? settings.profiles[profile] : undefined;
    if (own) return own;
    throw new EtcdError('invalid_address', `there is no profile ${JSON.stringify(profile)}`, {
      hint: `a key of the default cluster is written etcd:/${profile}/… or etcd:///${profile}/…`,
    });
  }

  function opened(profile: string): { client: Client; secrets: Secrets } {
    const known = clients.get(profile);
    if (known) return known;
    const own = settingsOf(profile);
    const secrets = openSecrets(own);
    clients.set(profile, { client: createClient(clusterSettings(profile, own, secrets, notice)), secrets });
    return opened(profile);
  }

  return {
    bodies() {
      if (!bodies) throw new EtcdError('internal', 'hello was not said');
      return bodies;
    },
    setDirectory(owner, before) {
      bodies = openBodies(owner, before);
    },
    withdraw(answer) {
      for (const file of filesOf(answer)) bodies?.withdraw(file);
    },
    configure(next) {
      for (const profile of clients.keys()) {
        if (JSON.stringify(settings.profiles[profile]) !== JSON.stringify(next.profiles[profile])) forget(profile);
      }
      settings = next;
      writeWith(next.letters);
    },
    profiles: () => Object.keys(settings.profiles).filter((profile) => profile !== ''),
    short: () => settings.use ?? '',
    isUnicode: () => settings.letters === undefined,
    address: (name) => parseAddress(name, settings.use),
    settings: settingsOf,
    client: (profile) => opened(profile).client,
    answer: (profile, what, secret) => opened(profile).secrets[what].answer(secret),
    push,
    close() {
      for (const profile of [...clients.keys()]) forget(profile);
      bodies?.remove();
    },
  };
}
