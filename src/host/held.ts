/** Keys that somebody holds by a lease, as a lock or an election does: what is said of them, and the question before one is put. */
import { EtcdError, hexadecimal, isEtcdError, type CallOptions } from '../client/index.js';
import { encodeSegments, type Address } from '../keyspace/address.js';
import type { Look } from '../keyspace/lease/looks.js';
import type { Session } from './session.js';

/** What a put says of the lease of its key. */
export interface Holding {
  /** Of the key, as far as it is known; '0': none. */
  lease: string | undefined;
  /** The lease of which somebody has said yes already. */
  agreed?: string;
  /** Somebody is there who can be asked. */
  person?: boolean;
}

/** ms that a put waits to hear of the lease. */
const LOOK = 2000;
/** Seconds. Locks and elections live no longer without a sign of life: 10 s of etcdctl, 60 s of the clients. */
const LONGEST = 120;

/** `lease 13b0…, 21 s left, kept alive`: what matters has room in a line; `:Etcd info` has the whole id. */
export function leaseWords({ id, ttl, kept }: Look): string {
  const name = `lease ${hexadecimal(id).slice(0, 4)}…`;
  return ttl < 0 ? `${name}, gone` : `${name}, ${ttl} s left${kept ? ', kept alive' : ''}`;
}

/** Why somebody has to be asked before a key is put. */
export interface Held {
  /** `is held by …`, of the key. */
  why: string;
  /** It is known, and no guess: also if nobody can be asked it is not written. */
  sure: boolean;
}

/**
 * Why somebody has to be asked before a key is put, because of its lease. If one can be asked, that is also so if nobody knows yet:
 * a lease that is renewed has at least two thirds of its time left, and so has a new one.
 * @returns what is said of the key; undefined: there is no question. One request, for a key with a lease that is not ours.
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
    // The question stays as it was: between the refused put and its preview nothing has become known that takes it away.
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
