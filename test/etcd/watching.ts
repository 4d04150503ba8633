/** The items of a watch, as a test asks for them. */
import type { WatchItem } from '../../src/client/index.js';

type Of<Type> = WatchItem & { type: Type };

export interface Items {
  /** The next item, which must be of that type. */
  next<Type extends WatchItem['type']>(type: Type): Promise<Of<Type>>;
  /** The next items that have events. */
  take(count: number): Promise<Of<'events'>[]>;
  end(): Promise<void>;
}

export function itemsOf(watching: AsyncIterable<WatchItem>): Items {
  const iterator = watching[Symbol.asyncIterator]();
  async function next<Type extends WatchItem['type']>(type: Type): Promise<Of<Type>> {
    const { value, done } = (await iterator.next()) as IteratorResult<WatchItem, undefined>;
    if (done) throw new Error('the watch has ended');
    if (value.type !== type) throw new Error(`${type} was expected, but not ${JSON.stringify(value)}`);
    return value as Of<Type>;
  }
  return {
    next,
    async take(count) {
      const found: Of<'events'>[] = [];
      while (found.length < count) found.push(await next('events'));
      return found;
    },
    async end() {
      await iterator.return?.();
    },
  };
}

/** All items up to the one for which `isLast` is true. */
export async function until(watching: AsyncIterable<WatchItem>, isLast: (item: WatchItem) => boolean): Promise<WatchItem[]> {
  const found: WatchItem[] = [];
  for await (const item of watching) {
    found.push(item);
    if (isLast(item)) break;
  }
  return found;
}

/** Its events in words: `put key=value (value before)`. */
export function told(item: WatchItem | undefined): string {
  if (item?.type !== 'events') return JSON.stringify(item);
  const words = item.events.map(
    ({ type, kv, prevKv }) => `${type} ${kv.key}=${String(kv.value)}${prevKv ? ` (${String(prevKv.value)})` : ''}`,
  );
  return words.join(', ');
}
