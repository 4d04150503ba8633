/** A lease that is kept alive, and the moment after which nobody may count on it. */
import { openBackoff } from './backoff.js';
import type { Connection } from './connection.js';
import { fieldsOf, int64Of } from './decoders.js';
import { EtcdError, isEtcdError } from './errors.js';
import type { Lease } from './leases.js';
import { pause, whenOver } from './timer.js';

export interface KeepAliveOptions {
  /** Stops keeping it alive, as stop() does. */
  signal?: AbortSignal;
}

export interface KeptLease {
  readonly id: string;
  /**
   * Aborts, with an EtcdError lease_not_found, before the lease can end by the server's clock. It aborts at once if etcd says that the
   * lease is gone. The TTL counts from when the last successful request was *sent*, less two in a hundred, because clocks may differ by
   * that. The signal comes late in a process that is stopped or busy. If something must not happen without the lease, compare the lease
   * in its txn.
   */
  readonly lost: AbortSignal;
  /** ms for which it lasts for certain; 0 if it is lost. */
  left(): number;
  /** Asks no more. The lease lasts until its TTL is over, and `lost` will not abort. */
  stop(): void;
}

/** The share of its TTL after which it is asked for again… */
const THIRD = 1 / 3;
/** …and the share that we count on. The rest is for clocks that run differently. */
const CERTAIN = 0.98;
/** ms for one question are between these. A third of a long TTL would be days of waiting for a server that hangs. */
const [LEAST, MOST] = [1000, 60_000];

/** As Leases.keepAlive(). */
export function keepAlive(connection: Connection, lease: Lease, { signal }: KeepAliveOptions = {}): KeptLease {
  const lost = new AbortController();
  const stop = new AbortController();
  const ended = AbortSignal.any([stop.signal, lost.signal, ...(signal ? [signal] : [])]);
  const over = AbortSignal.any([ended, connection.closed]);
  let why: unknown;
  let { sent, ttl } = lease;
  const end = (): number => sent + ttl * 1000 * CERTAIN;
  const left = (): number => (lost.signal.aborted ? 0 : Math.max(0, end() - performance.now()));
  /** How much of the time that is left one question may take. */
  const patience = (): number => Math.max(1, Math.min(left(), MOST, Math.max(LEAST, ttl * 1000 * THIRD)));
  const lose = (message: string): void => {
    disarm();
    if (!isStopped()) lost.abort(new EtcdError('lease_not_found', message, { cause: why }));
  };
  const isStopped = (): boolean => stop.signal.aborted || signal?.aborted === true;
  const expire = (): void => lose('the lease could not be kept alive in time');
  let disarm = whenOver(left, expire);
  over.addEventListener('abort', () => disarm(), { once: true });
  connection.closed.addEventListener('abort', () => lose('the client was closed'), { once: true, signal: ended });

  async function refresh(): Promise<void> {
    const began = performance.now();
    const granted = await ask(connection, lease.id, { budget: patience(), signal: over });
    if (granted <= 0) {
      lose('the lease has ended');
      return;
    }
    [sent, ttl] = [began, granted];
    disarm();
    if (!over.aborted) disarm = whenOver(left, expire);
  }

  async function keep(): Promise<void> {
    const backoff = openBackoff();
    while (!over.aborted) {
      const next = sent + ttl * 1000 * THIRD - performance.now();
      if (next > 0) await pause(next, over);
      if (isOver(over)) return;
      try {
        await refresh();
        backoff.reset();
      } catch (thrown) {
        why = thrown;
        await backoff.wait(over);
      }
    }
  }

  void keep();
  return { id: lease.id, lost: lost.signal, left, stop: () => stop.abort() };
}

/** Asked by a function, because the value changes while we wait. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** @returns seconds that it has from now on; 0 if there is no such lease */
async function ask(connection: Connection, id: string, options: { budget: number; signal: AbortSignal }): Promise<number> {
  const decode = (raw: unknown): number => {
    const { ID, TTL } = fieldsOf(fieldsOf(raw, 'answer')['result'], 'result');
    return int64Of(ID, 'ID') === id ? Number(int64Of(TTL, 'TTL')) : 0;
  };
  try {
    return (await connection.call({ path: '/v3/lease/keepalive', body: { ID: id }, decode }, options)).answer;
  } catch (thrown) {
    if (isEtcdError(thrown, 'lease_not_found')) return 0;
    throw thrown;
  }
}
