/** Watches one cluster for the editor, which has keys and listings of it open. */
import { isDenied, isEtcdError, type Client } from '../../client/index.js';
import type { Span } from '../../keyspace/listing/scope.js';
import { log } from '../log.js';
import { rangesOf, type Readable } from './ranges.js';
import { createTold, type Change, type Listed, type OpenAddress, type Told } from './told.js';

export interface Follower {
  /** What is open from now on. */
  watch(open: readonly OpenAddress[]): void;
  heard(address: string): void;
  /** undefined: no listing of that address is open. */
  listed(address: string): Listed | undefined;
  /** Another client must be used, because its settings have changed. */
  restart(): void;
  close(): void;
}

/** ms in which a watch must have begun. */
const BUDGET = 5000;
/** ms after which a watch that could not begin is tried again: the first pause, and the longest one. */
const [SOON, LATE] = [5000, 300_000];

/**
 * @param clientOf gives the client with the current settings
 * @param send tells the editor
 */
export function createFollower(clientOf: () => Client, send: (change: Change) => void): Follower {
  const told = createTold(send);
  const watches = new Map<string, AbortController>();
  let readable: Readable;
  let timer: NodeJS.Timeout | undefined;
  let pause = SOON;

  function plan(): void {
    const ranges = new Map(rangesOf(told.spans(), readable).map((range) => [JSON.stringify(range), range]));
    // The new ones begin before the old ones end, and where the editor's knowledge ends. So nothing is missed, and nothing told twice.
    for (const [id, range] of ranges) if (!watches.has(id)) begin(id, range);
    for (const [id, stop] of watches) if (!ranges.has(id)) end(id, stop);
  }

  function begin(id: string, range: Span): void {
    const stop = new AbortController();
    watches.set(id, stop);
    const begun = (): void => void (pause = SOON);
    void follow(clientOf, range, { told, begun, signal: stop.signal }).catch((thrown: unknown) => {
      if (stop.signal.aborted) return;
      watches.delete(id);
      void failed(thrown);
    });
  }

  function end(id: string, stop: AbortController): void {
    watches.delete(id);
    stop.abort();
  }

  /** Nobody has asked for a watch, so nobody is told that there is none. */
  async function failed(thrown: unknown): Promise<void> {
    log(`no watch: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    if (isDenied(thrown) && readable === undefined) {
      readable = await readableBy(clientOf());
      if (readable) plan();
    } else if (isEtcdError(thrown) && thrown.retryable && timer === undefined) {
      timer = setTimeout(() => {
        timer = undefined;
        plan();
      }, pause).unref();
      pause = Math.min(2 * pause, LATE);
    }
  }

  function close(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const [id, stop] of [...watches]) end(id, stop);
  }

  return {
    watch(open) {
      told.set(open);
      plan();
    },
    heard: (address) => told.heard(address),
    listed: (address) => told.listed(address),
    restart() {
      close();
      told.restart();
      readable = undefined;
      plan();
    },
    close,
  };
}

/** undefined: that could not be found out. */
async function readableBy(client: Client): Promise<Readable> {
  const roles = await client.readable({ budget: BUDGET }).catch(() => undefined);
  return roles?.ranges;
}

/** @throws EtcdError when the watch cannot begin, or may not go on */
async function follow(
  clientOf: () => Client,
  range: Span,
  { told, begun, signal }: { told: Told; begun: () => void; signal: AbortSignal },
): Promise<void> {
  // etcd does not take the empty key, so the range begins at the first byte.
  const request = { key: range.start === '' ? '\0' : range.start, rangeEnd: range.end, from: told.from(range) };
  for await (const item of clientOf().watch(request, { signal, budget: BUDGET })) {
    if (signal.aborted) return;
    begun();
    if (item.type === 'events') item.events.forEach((event) => told.hear(event));
    else if (item.type === 'resync') told.resync(range, item.revision);
  }
}
