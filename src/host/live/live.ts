/** Watches what the editor has open, and tells it what others change there. */
import { prefixEnd, type Revision } from '../../client/index.js';
import { formatAddress, type Address } from '../../keyspace/address.js';
import { keySpan, prefixSpan } from '../rights.js';
import type { Session } from '../session.js';
import { createFollower, type Follower } from './follower.js';
import type { Listed, OpenAddress } from './told.js';

export interface Live {
  /** What is open from now on, in all clusters, and up to which revision the editor knows each. */
  watch(open: readonly { name: string; revision: Revision; values: boolean }[]): void;
  /** The editor has dealt with the changes of these. */
  heard(names: readonly string[]): void;
  /** What is known of the names of a listing; undefined: it is not watched. */
  listed(address: Address): Listed | undefined;
  /** The settings have changed. */
  restart(): void;
  close(): void;
}

/** Nothing is watched yet. */
export function createLive(session: Session): Live {
  const followers = new Map<string, Follower>();

  function followerOf(profile: string): Follower {
    const known = followers.get(profile);
    if (known) return known;
    const follower = createFollower(
      () => session.client(profile),
      (change) => session.push(change),
    );
    followers.set(profile, follower);
    return follower;
  }

  return {
    watch(open) {
      const byProfile = new Map<string, OpenAddress[]>([...followers.keys()].map((profile) => [profile, []]));
      for (const { name, revision, values } of open) {
        const address = session.address(name);
        const opened = { address: formatAddress(address), at: revision, values, ...openedAs(address) };
        byProfile.set(address.profile, [...(byProfile.get(address.profile) ?? []), opened]);
      }
      for (const [profile, addresses] of byProfile) followerOf(profile).watch(addresses);
    },
    heard(names) {
      for (const name of names) followers.get(session.address(name).profile)?.heard(formatAddress(session.address(name)));
    },
    listed: (address) => followers.get(address.profile)?.listed(formatAddress(address)),
    restart() {
      for (const follower of followers.values()) follower.restart();
    },
    close() {
      for (const follower of followers.values()) follower.close();
    },
  };
}

function openedAs({ kind, key, format, edit }: Address): Pick<OpenAddress, 'kind' | 'span' | 'prefix'> {
  if (kind === 'key' && format === undefined) return { kind: 'key', span: keySpan(key) };
  const span = key === '' ? prefixSpan('') : { start: key, end: prefixEnd(key) };
  if (format !== undefined) return { kind: 'below', span };
  return { kind: 'names', span, ...(edit === undefined && { prefix: key }) };
}
