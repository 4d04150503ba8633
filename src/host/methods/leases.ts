/** `leases`: the leases of a cluster, or one of them, as lines. */
import * as v from 'valibot';
import { hexadecimal } from '../../client/index.js';
import { encodeSegments } from '../../keyspace/address.js';
import { leaseOf, listLeases, type ListedLease } from '../../keyspace/lease/list.js';
import { openNotes } from '../notes.js';
import { standingOf } from '../rules.js';
import { defineMethod } from './method.js';

const params = v.object({
  profile: v.string(),
  /** In hexadecimal; by default all of them. */
  id: v.exactOptional(v.string()),
});

export interface ShownLease {
  /** In hexadecimal, as etcdctl shows it. */
  id: string;
  /** Seconds that are left; -1: it has ended. */
  ttl: number;
  granted: number;
  /** The names of its keys. All of them if one lease was asked for. */
  keys: string[];
  /** How many keys there are. */
  count: number;
  /** For one lease: what rules say of its keys, a line each. */
  notes?: string[];
  /** For one lease: why it is not revoked; absent if it may be. */
  refused?: string;
}

/** The most names on a line of the list. */
const MOST_NAMES = 5;

export const leases = defineMethod({
  failure: 'cannot list the leases',
  timeout: 'list',
  params,

  async run({ profile, id }, { session }, options): Promise<{ leases: ShownLease[] }> {
    const client = session.client(profile);
    if (id !== undefined) {
      const lease = await leaseOf(client, decimal(id), options);
      const noted = lease.keys.map((key) => ({ key, ...standingOf(session.settings(profile), key) }));
      const notes = openNotes();
      for (const { key, note } of noted) notes.add(key, note);
      const kept = noted.find(({ readonly }) => readonly);
      const refused = kept && `${encodeSegments(kept.key)} is read-only, and goes with it`;
      return { leases: [{ ...shown(lease, Infinity), notes: notes.lines(), ...(refused !== undefined && { refused }) }] };
    }
    return { leases: (await listLeases(client, options)).map((lease) => shown(lease, MOST_NAMES)) };
  },
});

function shown({ id, ttl, granted, keys }: ListedLease, most: number): ShownLease {
  return { id: hexadecimal(id), ttl, granted, keys: keys.slice(0, most).map(encodeSegments), count: keys.length };
}

/** @param id hexadecimal */
export function decimal(id: string): string {
  return String(BigInt.asIntN(64, BigInt(`0x${id}`)));
}
