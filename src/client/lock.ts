/** Something that one at a time has: a place in a queue whose turn has come, with a lease that is kept alive. */
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
  /** Seconds after which others may have it if this process dies. 10 without it, as etcdctl has. */
  ttl?: number;
  /** Gives up the wait. */
  signal?: AbortSignal;
  /** ms for each request; the wait itself has no limit but the signal. 5000 without it. */
  budget?: number;
  /** What the key holds, for people who look at it. Empty without it. */
  value?: Buffer;
}

/**
 * What is held. A process that was stopped for longer than the TTL goes on before it hears of the loss. What must be done by the holder
 * alone is therefore done in a txn with `guard` among its compares.
 */
export interface Lock extends AsyncDisposable {
  readonly key: Key;
  /** The id of its lease. */
  readonly lease: string;
  /** Greater than that of every holder before: a fencing token. */
  readonly revision: Revision;
  /** Holds in a txn as long as this is held. */
  readonly guard: Compare;
  /** Aborts when it may be lost: see KeptLease. Also when somebody has deleted the key. */
  readonly lost: AbortSignal;
  /** ms for which it is held for certain. */
  left(): number;
  /** Gives it back. Once it is lost, that does nothing. */
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

  /** Waits until the key is said to be gone, and looks whether it is. */
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

  /** Until it is lost or released. Without the right to watch, the lease alone tells. */
  async function keepWatch(): Promise<void> {
    const backoff = openBackoff();
    while (!over.aborted) {
      try {
        await look();
        backoff.reset();
      } catch (thrown) {
        if (!isEtcdError(thrown) || !isPassing(thrown)) return;
        // The lease is kept alive meanwhile, and so nothing else would tell of a delete.
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
