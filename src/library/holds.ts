/** Leases, locks and elections: things that are held until they are given back, or lost. */
import type { CallOptions, Client, HoldOptions, KeptLease, KeyValue, LeaseState, Lock } from '../client/index.js';
import { toBytes, toInt64, toKey, toNumber, type Bytes } from './check.js';
import type { Call } from './call.js';
import { entryOf, type Entry } from './entry.js';

/** A lease that is kept alive until it is revoked. `await using` does that at the end of its block. */
export interface HeldLease extends KeptLease, AsyncDisposable {
  /** Ends it at once, with its keys. Once it is lost, this does nothing. A second call returns the promise of the first. */
  revoke(): Promise<void>;
}

export interface HoldingOptions extends Call {
  /** Seconds after which others may have it if this process dies. The default is 10. */
  ttl?: number;
}

export interface Leading extends Lock {
  /** Says something else. @throws EtcdError lease_not_found if another one leads by now */
  say(value: Bytes, options?: Call): Promise<void>;
}

export interface LibraryElection {
  /** Waits until we are the leader. @param value what the others are told */
  campaign(value: Bytes, options?: HoldingOptions): Promise<Leading>;
  /** undefined if there is no leader. */
  leader(options?: Call): Promise<Entry | undefined>;
  /** The leader now, and after each change; undefined while there is none. */
  observe(options?: Call): AsyncIterable<Entry | undefined>;
}

export interface Holds {
  /**
   * Grants a lease and keeps it alive.
   * @param ttl seconds that it lasts if this process dies
   */
  lease(ttl: number, options?: Call): Promise<HeldLease>;
  /** @param options `keys`: also return the keys that it has. `ttl` is -1 if there is no such lease. */
  leaseState(id: string, options?: Call & { keys?: boolean }): Promise<LeaseState>;
  /** The ids of all leases. */
  leases(options?: Call): Promise<string[]>;
  /** @throws EtcdError lease_not_found */
  revokeLease(id: string, options?: Call): Promise<void>;
  /**
   * Waits until `name` is ours alone. `etcdctl lock NAME` waits in the same queue. Give it back by release() or `await using`.
   * @param options `signal` ends the wait; `timeout` is that of each request
   */
  lock(name: Bytes, options?: HoldingOptions): Promise<Lock>;
  /** The same election as `etcdctl elect NAME`. */
  election(name: Bytes): LibraryElection;
}

type Patience = (call: Call | undefined) => CallOptions;

/** @param patience what a call may take */
export function openHolds(client: Client, patience: Patience): Holds {
  const { leases } = client;
  const toHold = (options: HoldingOptions = {}): HoldOptions => ({
    ...patience(options),
    ...(options.ttl !== undefined && { ttl: toNumber(options.ttl, 'ttl') }),
  });
  return {
    async lease(ttl, options) {
      const kept = leases.keepAlive(await leases.grant({ ttl: toNumber(ttl, 'ttl') }, patience(options)));
      let revoked: Promise<void> | undefined;
      const end = async (): Promise<void> => {
        const isHeld = !kept.lost.aborted;
        kept.stop();
        if (isHeld) await leases.revoke(kept.id, patience(undefined));
      };
      const revoke = (): Promise<void> => (revoked ??= end());
      return { ...kept, revoke, [Symbol.asyncDispose]: revoke };
    },
    leaseState: (id, options = {}) => leases.timeToLive({ id: toInt64(id, 'id'), ...(options.keys && { keys: true }) }, patience(options)),
    leases: (options) => leases.list(patience(options)),
    revokeLease: (id, options) => leases.revoke(toInt64(id, 'id'), patience(options)),
    lock: async (name, options) => client.lock(toKey(name, 'name'), toHold(options)),
    election(name) {
      const election = client.election(toKey(name, 'name'));
      const outside = (kv: KeyValue | undefined): Entry | undefined => kv && entryOf(kv);
      return {
        async campaign(value, options) {
          const { proclaim, ...held } = await election.campaign(toBytes(value, 'value'), toHold(options));
          return { ...held, say: (next, call) => proclaim(toBytes(next, 'value'), patience(call)) };
        },
        leader: async (options) => outside(await election.leader(patience(options))),
        async *observe(options) {
          for await (const kv of election.observe(patience(options))) yield outside(kv);
        },
      };
    },
  };
}
