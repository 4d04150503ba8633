/** Writes like `:w`, and tells what the user would be told. */
import { createClient, EtcdError, type Client, type ClusterSettings } from '../../src/client/index.js';
import { baseOf, readKey, type Base } from '../../src/keyspace/document.js';
import { writeKey } from '../../src/keyspace/write/save.js';
import type { Put } from '../harness/inspector.js';
import type { Ledger } from './ledger.js';

export interface Outcome {
  value: string;
  /** The revision of the value that was read, '0' for none. */
  base: string;
  /** Set if the put was acknowledged. */
  revision?: string;
  /** Set if it was not. */
  error?: EtcdError;
  ms: number;
}

export interface Writer {
  read(key: string): Promise<Base | undefined>;
  write(key: string, value: string, base: Base | undefined, options?: { force?: boolean; signal?: AbortSignal }): Promise<Outcome>;
  client: Client;
}

/** @param budget ms for one write, as g:etcd.timeout.write */
export function openWriter(cluster: string[] | ClusterSettings, budget = 15_000): Writer {
  const client = createClient(Array.isArray(cluster) ? { endpoints: cluster } : cluster);
  return {
    client,
    async read(key) {
      const there = await readKey(client, key, undefined, { budget: 5000 });
      return there.kv ? baseOf(there) : undefined;
    },
    async write(key, value, base, { force = false, signal } = {}) {
      const began = performance.now();
      const outcome = { value, base: base?.modRevision ?? '0' };
      const request = { key, value: Buffer.from(value), force, ...(base && { base }) };
      try {
        const { modRevision } = await writeKey(client, request, { budget, ...(signal && { signal }) });
        return { ...outcome, revision: modRevision, ms: performance.now() - began };
      } catch (thrown) {
        if (!(thrown instanceof EtcdError)) throw thrown;
        return { ...outcome, error: thrown, ms: performance.now() - began };
      }
    },
  };
}

/**
 * Compares what was told with what really happened to the key. Acknowledged: it is there once, at that revision, right after its base.
 * Refused: it is not there, unless it is told to have been written and overwritten since. Unknown: it is there at most once.
 */
export function judge(ledger: Ledger, history: readonly Put[], outcomes: readonly Outcome[]): void {
  for (const { value, base, revision, error } of outcomes) {
    const at = history.flatMap((put, index) => (put.value === value ? [index] : []));
    const told = revision === undefined ? (error as EtcdError).code : `acknowledged at ${revision}`;
    const seen = at.map((index) => history[index]?.modRevision).join(' and ') || 'never';
    const wrong = (): void => ledger.violation(`${value}: ${told}, in the history: ${seen}`);
    if (at.length > 1) wrong();
    else if (revision !== undefined && history[at[0] ?? -1]?.modRevision !== revision) wrong();
    else if (error?.writtenRevision !== undefined) {
      if (history[at[0] ?? -1]?.modRevision !== error.writtenRevision) wrong();
    } else if (error && error.code !== 'outcome_unknown' && at.length > 0) wrong();
    const before = at[0] === undefined ? base : (history[at[0] - 1]?.modRevision ?? '0');
    ledger.hold(before === base, `${value}: written over revision ${before}, and read at ${base}`);
  }
}
