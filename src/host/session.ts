/** What one editor has told us: its private directory, and its clusters. It opens each profile's client once. */
import { asEtcdError, createClient, EtcdError, type Client, type Secret } from '../client/index.js';
import { parseAddress, writeWith, type Address } from '../keyspace/address.js';
import { createLooks, type Looks } from '../keyspace/lease/looks.js';
import { openBodies, type Bodies } from './bodies.js';
import { clusterSettings, openSecrets, type Secrets } from './profiles.js';
import type { PushedEvent } from './protocol.js';
import type { ProfileSettings, Settings } from './settings.js';
import type { Timeouts } from './timeouts.js';
import type { Rules } from './validate.js';

/** What the editor says of itself. */
export interface EditorSettings {
  /** The profile that `etcd:/x` means, if it is not the default one. */
  use?: string;
  timeout?: Timeouts;
  /** All characters beyond ASCII that its 'encoding' has, if that is not Unicode. */
  letters?: string;
}

export interface Session {
  bodies(): Bodies;
  /**
   * Makes the private directory, or keeps `before`.
   * @throws EtcdError internal if there is no safe place for one
   */
  setDirectory(owner: string, before?: string): void;
  /** Removes the bodies of an answer that nobody takes. */
  withdraw(answer: unknown): void;
  /**
   * @param read throws if the settings are wrong; that error becomes the refusal()
   * @returns whether anything is new
   */
  configure(read: () => Settings, editor?: EditorSettings): boolean;
  /** What is wrong with the settings. etcd is asked nothing before they are right. */
  refusal(): EtcdError | undefined;
  profiles(): string[];
  timeouts(): Timeouts;
  /** What values must be. */
  rules(): Rules;
  /** Patterns of the keys whose JSON is shown indented. */
  pretty(): readonly string[];
  /** The profile that `etcd:/x` means. */
  short(): string;
  /** Whether file names, which are UTF-8, read the same in the editor. */
  isUnicode(): boolean;
  /** @throws EtcdError invalid_address */
  address(name: string): Address;
  /** @throws EtcdError invalid_address if there is no such profile */
  settings(profile: string): ProfileSettings;
  /** @throws EtcdError invalid_address if there is no such profile */
  client(profile: string): Client;
  /** What is known of leases. */
  readonly looks: Looks;
  /** What the user has answered. */
  answer(profile: string, what: Secret, secret: string): void;
  push(event: PushedEvent): void;
  close(): void;
}

/** All files that an answer names, in any of its fields (src/host/methods/). */
function filesOf(answer: unknown): string[] {
  interface Offered {
    file?: string;
  }
  const { file, theirs, base } = answer as Offered & { theirs?: (Offered & { base?: string }) | null; base?: Offered | string | null };
  const under = typeof base === 'string' ? base : base?.file;
  return [file, theirs?.file, theirs?.base, under].filter((name) => name !== undefined);
}

function settingsIn(profiles: Settings['profiles'], profile: string): ProfileSettings {
  const own = Object.hasOwn(profiles, profile) ? profiles[profile] : undefined;
  if (own) return own;
  throw new EtcdError('invalid_address', `there is no profile ${JSON.stringify(profile)}`, {
    hint: `a key of the default cluster is written etcd:/${profile}/… or etcd:///${profile}/…`,
  });
}

/** Tells the user each notice once. */
function noticeOnce(push: (event: PushedEvent) => void): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (!told.has(text)) push({ event: 'notice', text });
    told.add(text);
  };
}

/** Remembers why the last reading of the settings has failed, if it has. */
function rememberRefusal() {
  let refusal: EtcdError | undefined;
  return {
    take(read: () => Settings): Settings {
      refusal = undefined;
      try {
        return read();
      } catch (thrown) {
        refusal = asEtcdError(thrown);
        throw refusal;
      }
    },
    refusal: () => refusal,
  };
}

/** @param push sends an event to the editor */
export function openSession(push: (event: PushedEvent) => void): Session {
  let bodies: Bodies | undefined;
  let settings: Settings & EditorSettings = { profiles: {}, validate: {}, pretty: [] };
  const known = rememberRefusal();
  const clients = new Map<string, { client: Client; secrets: Secrets }>();
  const notice = noticeOnce(push);

  function forget(profile: string): void {
    void clients.get(profile)?.client.close();
    clients.delete(profile);
  }

  const settingsOf = (profile: string): ProfileSettings => settingsIn(settings.profiles, profile);

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
    configure(read, editor = {}) {
      const next = { ...known.take(read), ...editor };
      for (const profile of clients.keys()) {
        if (JSON.stringify(settings.profiles[profile]) !== JSON.stringify(next.profiles[profile])) forget(profile);
      }
      const isNew = JSON.stringify(settings) !== JSON.stringify(next);
      settings = next;
      writeWith(next.letters);
      return isNew;
    },
    refusal: known.refusal,
    profiles: () => Object.keys(settings.profiles).filter((profile) => profile !== ''),
    timeouts: () => settings.timeout ?? {},
    rules: () => settings.validate,
    pretty: () => settings.pretty,
    short: () => settings.use ?? '',
    isUnicode: () => settings.letters === undefined,
    address: (name) => parseAddress(name, settings.use),
    settings: settingsOf,
    client: (profile) => opened(profile).client,
    looks: createLooks(),
    answer: (profile, what, secret) => opened(profile).secrets[what].answer(secret),
    push,
    close() {
      for (const profile of [...clients.keys()]) forget(profile);
      bodies?.remove();
    },
  };
}
