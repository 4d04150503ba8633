/**
 * Whether somebody keeps a lease alive. etcd does not tell, but shows how long each is to live: one that nobody renews ends no later
 * than was known before. (A new leader gives all leases some time more, and for a moment that looks the same.)
 */
import type { CallOptions, Client, LeaseState } from '../../client/index.js';

/** What is known of a lease by now. */
export interface Look {
  id: string;
  /** Seconds that are left; -1: it has ended. */
  ttl: number;
  /** Seconds it was granted for. */
  granted: number;
  /** It was renewed since it was seen first, and does not look as if that had ended. */
  kept: boolean;
}

export interface Looks {
  /** A key has that lease just now: so it was granted before. Asks nothing. */
  see(profile: string, lease: string): void;
  /** The lease is ours, and we do not renew it. */
  own(profile: string, lease: string): void;
  isOwn(profile: string, lease: string): boolean;
  /** One request. @throws EtcdError */
  look(client: Client, profile: string, lease: string, options: CallOptions): Promise<Look>;
  /** What the last look has told; undefined if there was none. Asks nothing. */
  last(profile: string, lease: string): Look | undefined;
  /** What is known if that was asked for at the one time and answered at the other, in ms of the clock. */
  add(profile: string, lease: string, state: LeaseState, asked: number, answered: number): Look;
}

interface Known {
  /** When it was seen first, in ms. */
  seen: number;
  /** When it has ended if nobody renews it, in ms; absent before the first look. */
  ends?: number;
  kept: boolean;
  last?: Look;
}

/** Leases that are remembered; the oldest is forgotten. */
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

/** etcd tells whole seconds: up to one more is left. */
function judged({ seen, ends, kept }: Known, ttl: number, granted: number, asked: number, answered: number): Known {
  const most = answered + (ttl + 1) * 1000;
  // When it was seen first, no more than all of its time was left.
  const before = ends ?? seen + granted * 1000;
  const isRenewed = asked + ttl * 1000 > before + MARGIN;
  // Clients renew at a third of the time.
  const fades = (ttl + 1) * 3 < granted;
  return { seen, ends: isRenewed ? most : Math.min(before, most), kept: isRenewed || (kept && !fades) };
}
