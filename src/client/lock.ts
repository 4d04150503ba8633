/** A lock, which only one can have at a time. It is a place in a queue whose turn has come, with a lease that is kept alive. */
import { openBackoff } from './backoff.js';
import type { Key, Revision } from './codec.js';
import type { CallOptions, Connection } from './connection.js';
import { EtcdError, fromTransport, isEtcdError } from './errors.js';
import type { KeptLease } from './keep-alive.js';
import type { Leases } from './leases.js';
import { enter, goneFrom, isKept, turnOf, type Turn } from './queue.js';
import { range } from './reads.js';
import type { Compare } from './txn.js';
import { isPassing } from './watch.js';

export interface HoldOptions {
  /** Seconds after which others may have it if this process dies. The default is 10, as in etcdctl. */
  ttl?: number;
  /** Gives up the wait. */
  signal?: AbortSignal;
  /** ms for each request. The wait itself ends only with the signal. The default is 5000. */
  budget?: number;
  /** What the key holds, for people who look at it. Empty by default. */
  value?: Buffer;
}

/**
 * A lock that is held. A process that was stopped for longer than the TTL goes on before it hears of the loss. If only the holder may
 * do something, it must be done in a txn with `guard` among its compares.
 */
export interface Lock extends AsyncDisposable {
  readonly key: Key;
  /** The id of its lease. */
  readonly lease: string;
  /** Greater than that of every earlier holder: a fencing token. */
  readonly revision: Revision;
  /** A compare that is true in a txn as long as the lock is held. */
  readonly guard: Compare;
  /** Aborts when the lock may be lost: see KeptLease. Also aborts when somebody has deleted the key. */
  readonly lost: AbortSignal;
  /** ms for which it is held for certain. */
  left(): number;
  /** Gives it back. If it is lost already, this does nothing. */
  release(): Promise<void>;
}

/** ms for each request, if the caller does not say. */
export const BUDGET = 5000;
const TTL = 10;

/** As Client.lock(). */
export async function lock(connection: Connection, leases: Leases, name: Key, options: HoldOptions = {}): Promise<Lock> {
  const { ttl = TTL, signal, budget = BUDGET, value = Buffer.alloc(0) } = options;
  const call: CallOptions = { budget, ...(signal && { signal }) };
  const kept = leases.keepAlive(await leases.grant({ ttl }, call));
  try {
    const turn = await enter(connection, name, kept.id, value, call);
    const over = AbortSignal.any([kept.lost, ...(signal ? [signal] : [])]);
    await turnOf(connection, name, turn, budget, over);
    over.throwIfAborted();
    return held(connection, leases, kept, turn, budget);
  } catch (thrown) {
    await release(leases, kept, budget);
    if (kept.lost.aborted) throw kept.lost.reason;
    throw signal?.aborted ? fromTransport(signal.reason, connection.endpoint()) : thrown;
  }
}

function held(connection: Connection, leases: Leases, kept: KeptLease, turn: Turn, budget: number): Lock {
  const { key, lease, createRevision } = turn;
  const deleted = new AbortController();
  const stop = new AbortController();
  const lost = AbortSignal.any([kept.lost, deleted.signal]);

  const over = AbortSignal.any([stop.signal, lost]);
  const call: CallOptions = { budget, signal: over };
  let from = createRevision;

  /** Waits until etcd says that the key is gone, and then checks that it is. */
  async function look(): Promise<void> {
    await goneFrom(connection, key, from, call);
    if (over.aborted) return;
    const { header, kvs } = await range(connection, { key, keysOnly: true }, call);
    if (kvs[0]?.createRevision !== createRevision) {
      kept.stop();
      deleted.abort(new EtcdError('lease_not_found', `${key} was deleted`));
    }
    from = header.revision;
  }

  /** Until the lock is lost or released. Without the right to watch, only the lease tells of a loss. */
  async function keepWatch(): Promise<void> {
    const backoff = openBackoff();
    while (!over.aborted) {
      try {
        await look();
        backoff.reset();
      } catch (thrown) {
        if (!isEtcdError(thrown) || !isPassing(thrown)) return;
        // The lease is kept alive meanwhile, so nothing else would tell of a delete.
        await backoff.wait(over);
      }
    }
  }

  let released: Promise<void> | undefined;
  function give(): Promise<void> {
    stop.abort();
    released ??= release(leases, kept, budget);
    return released;
  }
  void keepWatch();
  return {
    ...{ key, lease, revision: createRevision, guard: isKept(turn), lost },
    left: () => (lost.aborted ? 0 : kept.left()),
    release: give,
    [Symbol.asyncDispose]: give,
  };
}

/** The key goes with its lease. If etcd cannot be asked, both end with the TTL. */
async function release(leases: Leases, kept: KeptLease, budget: number): Promise<void> {
  kept.stop();
  await leases.revoke(kept.id, { budget }).catch(() => undefined);
}
