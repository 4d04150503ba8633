/** Keys that somebody holds by a lease, like a lock or an election: the words for them, and the question before one is put. */
import { EtcdError, hexadecimal, isEtcdError, type CallOptions } from '../client/index.js';
import { encodeSegments, type Address } from '../keyspace/address.js';
import type { Look } from '../keyspace/lease/looks.js';
import type { Session } from './session.js';

/** What a put knows about the lease of its key. */
export interface Holding {
  /** The lease of the key, as far as it is known; '0': none. */
  lease: string | undefined;
  /** A lease that the user has already agreed about. */
  agreed?: string;
  /** There is somebody who can be asked. */
  person?: boolean;
}

/** ms that a put waits to hear about the lease. */
const LOOK = 2000;
/** Seconds. Locks and elections do not live longer without a sign of life: 10 s with etcdctl, 60 s with the clients. */
const LONGEST = 120;

/** `lease 13b0…, 21 s left, kept alive`: what matters fits into a line. `:Etcd info` has the whole id. */
export function leaseWords({ id, ttl, kept }: Look): string {
  const name = `lease ${hexadecimal(id).slice(0, 4)}…`;
  return ttl < 0 ? `${name}, gone` : `${name}, ${ttl} s left${kept ? ', kept alive' : ''}`;
}

/** Why somebody has to be asked before a key is put. */
export interface Held {
  /** `is held by …`, said of the key. */
  why: string;
  /** It is known for certain. Then nothing is written, even if nobody can be asked. */
  sure: boolean;
}

/**
 * Why somebody has to be asked before a key is put, because of its lease. If there is a person to ask, a doubt is enough: a lease that
 * is renewed has at least two thirds of its time left, but so does a new one.
 * @returns what to say of the key; undefined: there is no question. It sends one request, for a key whose lease is not ours.
 */
export async function heldBy(
  { looks, client }: Session,
  { profile }: Pick<Address, 'profile'>,
  { lease = '0', agreed, person = false }: Holding,
  options: CallOptions,
): Promise<Held | undefined> {
  if (lease === '0' || lease === agreed || looks.isOwn(profile, lease)) return undefined;
  const patience = { ...options, budget: Math.min(LOOK, options.budget) };
  const look = await looks.look(client(profile), profile, lease, patience).catch((thrown: unknown) => {
    if (!isEtcdError(thrown) || thrown.code === 'cancelled') throw thrown;
    // If etcd cannot be asked, the last look counts. So the question stays the same from the refused put to its preview.
    return looks.last(profile, lease);
  });
  if (!look) return undefined;
  const { ttl, granted, kept } = look;
  if (kept) return { why: 'is held by a lease that is kept alive (a lock or an election?)', sure: true };
  if (!person || granted > LONGEST || (ttl + 1) * 3 < granted * 2) return undefined;
  return { why: `has a lease with ${ttl} of ${granted} s left, which somebody may keep alive (a lock or an election?)`, sure: false };
}

/** @throws EtcdError permission_denied, with `unasked`, as heldBy() says */
export async function refuseHeld(session: Session, address: Address, holding: Holding, options: CallOptions): Promise<void> {
  const held = await heldBy(session, address, holding, options);
  if (!held) return;
  const message = `${encodeSegments(address.key)} ${held.why}, and nobody was asked`;
  throw new EtcdError('permission_denied', message, { hint: ':w! writes it all the same', unasked: [] });
}
