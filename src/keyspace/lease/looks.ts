/**
 * Whether somebody keeps a lease alive. etcd does not tell that, but it tells how long each lease is to live. A lease that nobody
 * renews ends no later than was known before. (A new leader gives all leases some more time, which looks the same for a moment.)
 */
import type { CallOptions, Client, LeaseState } from '../../client/index.js';

/** What is known of a lease so far. */
export interface Look {
  id: string;
  /** Seconds that are left; -1: it has ended. */
  ttl: number;
  /** Seconds it was granted for. */
  granted: number;
  /** It was renewed since it was first seen, and nothing suggests that this has ended. */
  kept: boolean;
}

export interface Looks {
  /** A key has that lease just now, so it was granted before. It sends no request. */
  see(profile: string, lease: string): void;
  /** The lease is ours, and we do not renew it. */
  own(profile: string, lease: string): void;
  isOwn(profile: string, lease: string): boolean;
  /** One request. @throws EtcdError */
  look(client: Client, profile: string, lease: string, options: CallOptions): Promise<Look>;
  /** What the last look has shown; undefined if there was none. It sends no request. */
  last(profile: string, lease: string): Look | undefined;
  /** Takes in an answer that was asked for and came at these two times, in ms of the clock. @returns what is known after that */
  add(profile: string, lease: string, state: LeaseState, asked: number, answered: number): Look;
}

interface Known {
  /** When it was first seen, in ms. */
  seen: number;
  /** When it ends if nobody renews it, in ms; absent before the first look. */
  ends?: number;
  kept: boolean;
  last?: Look;
}

/** The most leases that are remembered. Then the oldest is forgotten. */
const MOST = 1000;
/** ms by which clocks may differ. */
const MARGIN = 250;

/** @param now the clock, in ms */
export function createLooks(now: () => number = () => performance.now()): Looks {
  const known = new Map<string, Known>();
  const ours = new Set<string>();
  const nameOf = (profile: string, lease: string): string => `${profile} ${lease}`;

  function see(name: string, at: number): Known {
    const before = known.get(name);
    if (before) return before;
    const [oldest] = known.keys();
    if (known.size >= MOST && oldest !== undefined) known.delete(oldest);
    const first = { seen: at, kept: false };
    known.set(name, first);
    return first;
  }

  function add(profile: string, lease: string, { ttl, grantedTtl }: LeaseState, asked: number, answered: number): Look {
    const name = nameOf(profile, lease);
    const next = judged(see(name, answered), ttl, grantedTtl, asked, answered);
    const look = { id: lease, ttl, granted: grantedTtl, kept: ttl >= 0 && next.kept };
    known.set(name, { ...next, last: look });
    return look;
  }

  return {
    see(profile, lease) {
      if (lease !== '0') see(nameOf(profile, lease), now());
    },
    own: (profile, lease) => void ours.add(nameOf(profile, lease)),
    isOwn: (profile, lease) => ours.has(nameOf(profile, lease)),
    last: (profile, lease) => known.get(nameOf(profile, lease))?.last,
    async look(client, profile, lease, options) {
      const asked = now();
      const state = await client.leases.timeToLive({ id: lease }, options);
      return add(profile, lease, state, asked, now());
    },
    add,
  };
}

/** etcd gives whole seconds, so up to one more second is left. */
function judged({ seen, ends, kept }: Known, ttl: number, granted: number, asked: number, answered: number): Known {
  const most = answered + (ttl + 1) * 1000;
  // When it was first seen, it had at most its whole time left.
  const before = ends ?? seen + granted * 1000;
  const isRenewed = asked + ttl * 1000 > before + MARGIN;
  // Clients renew after a third of the time.
  const fades = (ttl + 1) * 3 < granted;
  return { seen, ends: isRenewed ? most : Math.min(before, most), kept: isRenewed || (kept && !fades) };
}
