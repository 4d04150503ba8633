/** `:Etcd watch`: what changes below a prefix, a line for each change, for as long as the editor wants it. */
import { hexadecimal, prefixEnd, type Client, type Revision, type WatchEvent, type WatchItem } from '../client/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import { keySpan } from './rights.js';
import type { Session } from './session.js';

/** The most lines that wait for the editor. Then the oldest are dropped. */
const MOST = 10_000;
/** ms in which a watch must have begun. */
const BUDGET = 5000;

export interface Tailed {
  lines: string[];
  /** The watch is over, and why. */
  ended?: string;
}

export interface Tails {
  /**
   * @param from the first revision to tell of; undefined: what comes from now on
   * @throws EtcdError if the watch cannot begin
   */
  begin(client: Client, address: Address, from: Revision | undefined): Promise<{ address: string; stream: number }>;
  /** The lines since the last time. The editor is told once that there are more. */
  more(stream: number): Tailed;
  stop(stream: number): void;
}

interface Tail {
  stop: AbortController;
  lines: string[];
  isTold: boolean;
  ended?: string;
}

/** @param push tells the editor that a stream has lines */
export function createTails({ push }: Pick<Session, 'push'>, now: () => Date = () => new Date()): Tails {
  const tails = new Map<number, Tail>();
  let serial = 0;

  function add(id: number, tail: Tail, lines: readonly string[]): void {
    tail.lines.push(...lines);
    if (tail.lines.length > MOST) tail.lines.splice(0, tail.lines.length - MOST);
    if (!tail.isTold) push({ event: 'watched', id });
    tail.isTold = true;
  }

  async function follow(id: number, tail: Tail, items: AsyncIterator<WatchItem>, profile: string): Promise<void> {
    try {
      for (let next = await items.next(); !next.done; next = await items.next()) add(id, tail, linesOf(next.value, profile, now()));
      tail.ended = 'the settings have changed';
    } catch (thrown) {
      tail.ended = thrown instanceof Error ? thrown.message : String(thrown);
    }
    if (tails.has(id)) add(id, tail, []);
  }

  return {
    async begin(client, address, from) {
      const stop = new AbortController();
      const { start, end } = address.kind === 'key' ? keySpan(address.key) : { start: address.key || '\0', end: prefixEnd(address.key) };
      const request = { key: start, rangeEnd: end, ...(from !== undefined && { from }) };
      const items = client.watch(request, { signal: stop.signal, budget: BUDGET })[Symbol.asyncIterator]();
      await items.next();
      const id = ++serial;
      const tail: Tail = { stop, lines: [], isTold: false };
      tails.set(id, tail);
      void follow(id, tail, items, address.profile);
      return { address: formatAddress(address), stream: id };
    },
    more(stream) {
      const tail = tails.get(stream);
      if (!tail) return { lines: [], ended: 'it was stopped' };
      tail.isTold = false;
      const { ended } = tail;
      if (ended !== undefined) tails.delete(stream);
      return { lines: tail.lines.splice(0), ...(ended !== undefined && { ended }) };
    },
    stop(stream) {
      tails.get(stream)?.stop.abort();
      tails.delete(stream);
    },
  };
}

function linesOf(item: WatchItem, profile: string, at: Date): string[] {
  const time = at.toTimeString().slice(0, 8);
  if (item.type === 'resync') return [`${time}  missed  ${item.why}`];
  return item.type === 'events' ? item.events.map((event) => `${time}  ${inWords(event, profile)}`) : [];
}

function inWords({ type, kv }: WatchEvent, profile: string): string {
  const address = formatAddress({ profile, kind: 'key', key: kv.key, revision: kv.modRevision });
  if (type === 'delete') return `delete  ${address}`;
  return `put     ${address}  ${kv.value.length} B${kv.lease === '0' ? '' : `  lease ${hexadecimal(kv.lease)}`}`;
}
