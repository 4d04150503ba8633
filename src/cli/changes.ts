/** Waits until something below the keys has changed, and it has become quiet again. */
import { isBefore, pause, prefixEnd, type Client, type Key, type Revision } from '../client/index.js';
import { tell } from './failure.js';
import type { WatchPlan } from './watch-options.js';

/** ms after which a watch that has ended is begun again. */
const AGAIN = 2000;

export interface Changes {
  /** @returns after a change that is newer than the one of the last call */
  next(): Promise<void>;
}

/**
 * @param from the revision that was read. If nothing was read from etcd it is undefined, and the first change is that etcd is there
 * @param warn hears why a watch has ended; it is begun again
 */
export function followChanges(
  client: Client,
  keys: readonly Key[],
  from: Revision | undefined,
  { quiet, most }: WatchPlan,
  warn: (text: string) => void,
): Changes {
  let last = -Infinity;
  let first: number | undefined;
  let wake: () => void = () => undefined;
  const changed = (): void => {
    last = performance.now();
    first ??= last;
    wake();
  };
  for (const key of keys) void follow(client, key, from, changed, warn);
  return {
    async next() {
      if (first === undefined) await new Promise<void>((resolve) => (wake = resolve));
      for (;;) {
        const left = Math.min(last + quiet, (first ?? last) + most) - performance.now();
        if (left <= 0) break;
        await pause(left);
      }
      first = undefined;
    },
  };
}

async function follow(
  client: Client,
  key: Key,
  read: Revision | undefined,
  changed: () => void,
  warn: (text: string) => void,
): Promise<never> {
  const rangeEnd = prefixEnd(key.endsWith('/') ? key : `${key}/`);
  let heard = read === undefined ? undefined : BigInt(read);
  let isAgain = false;
  for (;;) {
    try {
      const range = { key: isBefore(key, rangeEnd) ? key : '\0', rangeEnd };
      for await (const item of client.watch({ ...range, ...(heard !== undefined && { from: String(heard + 1n) }) })) {
        if (item.type === 'events' || item.type === 'resync' || heard === undefined) changed();
        if (heard === undefined || BigInt(item.revision) > heard || item.type === 'resync') heard = BigInt(item.revision);
        isAgain = false;
      }
    } catch (thrown) {
      if (!isAgain) warn(tell(thrown, `the changes of ${key}`).line.replace(/^etcdenv: /, ''));
      isAgain = true;
    }
    await pause(AGAIN);
  }
}
