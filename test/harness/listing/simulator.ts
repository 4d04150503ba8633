/**
 * An etcd of one key space in memory that counts what it does, in the units of the server's cost: requests, operations, keys walked (after
 * every limit the server counts the whole range) and keys returned. Its clock is made of those costs, so that two algorithms can be
 * compared without noise.
 */
import { EtcdError, TO_THE_END, type Client, type Key, type RangeKeys, type RangeRequest } from '../../../src/client/index.js';

export interface Counts {
  requests: number;
  operations: number;
  walked: number;
  returned: number;
}

/** µs, measured on etcd 3.5 over loopback. */
const COST = { request: 300, operation: 14, walk: 0.115, key: 4 };
/** µs that our own process spends. */
const OWN = { request: 400, operation: 12, key: 1 };
const CORES = 2;
const MOST_OPERATIONS = 128;

const NOT_SIMULATED = {
  scanEntries: () => Promise.reject(new Error('the simulator has no values')),
  txn: () => Promise.reject(new Error('the simulator is read-only')),
  compareAndPut: () => Promise.reject(new Error('the simulator is read-only')),
  putUnseen: () => Promise.reject(new Error('the simulator is read-only')),
  watch: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('the simulator does not change')) }) }),
  rangeEach: () => Promise.reject(new Error('the simulator has no values')),
  leaseTtl: () => Promise.resolve(-1),
  access: () => Promise.reject(new Error('the simulator has no users')),
  replay: () => {
    throw new Error('the simulator has no past');
  },
  lock: () => Promise.reject(new Error('the simulator is read-only')),
  election() {
    throw new Error('the simulator is read-only');
  },
  // Not a getter, because the spread below would call it.
  leases: {
    grant: () => Promise.reject(new Error('the simulator is read-only')),
    revoke: () => Promise.reject(new Error('the simulator is read-only')),
    timeToLive: () => Promise.reject(new Error('the simulator has no leases')),
    list: () => Promise.resolve([]),
    keepAlive() {
      throw new Error('the simulator has no leases');
    },
  },
  readable: () => Promise.reject(new Error('the simulator has no users')),
  status: () => Promise.reject(new Error('the simulator has no members')),
  latest: () => undefined,
  isPast: () => false,
  user: '',
};

export interface Simulator {
  client: Client;
  counts: Counts;
  /** µs on the simulator's clock: the time that a listing would have taken. */
  elapsed(): number;
  /** µs of the server's work so far, on one core. */
  work(): number;
  /** µs of the least that could be asked, on the clock and for the server: the count, and one range of exactly the children. */
  floor(children: number): { time: number; work: number };
}

/** @param sorted the keys, without duplicates, in etcd's order */
export function simulate(sorted: readonly Key[]): Simulator {
  const counts: Counts = { requests: 0, operations: 0, walked: 0, returned: 0 };
  const cores = new Array<number>(CORES).fill(0);
  const waiting: { at: number; resolve: () => void }[] = [];
  let now = 0;
  let ours = 0;

  /** Answers when, by the clock, the server and then our process have finished. */
  function answer(requests: readonly RangeRequest[]): Promise<RangeKeys[]> {
    if (requests.some(({ key }) => key === '')) return Promise.reject(new EtcdError('invalid_address', 'key is not provided'));
    if (requests.length > MOST_OPERATIONS) return Promise.reject(new EtcdError('too_many_ops', 'too many operations in txn request'));
    const answers = requests.map((request) => look(sorted, request));
    const walked = answers.reduce((sum, { count }) => sum + count, 0);
    const returned = answers.reduce((sum, { keys }) => sum + keys.length, 0);
    counts.requests++;
    counts.operations += requests.length;
    counts.walked += walked;
    counts.returned += returned;
    const core = cores.indexOf(Math.min(...cores));
    const served = Math.max(now, cores[core] as number) + priceOf(COST, 1, requests.length, returned) + COST.walk * walked;
    cores[core] = served;
    ours = Math.max(served, ours) + priceOf(OWN, 1, requests.length, returned);
    const finished = ours;
    return new Promise((resolve) => {
      waiting.push({ at: finished, resolve: () => resolve(answers) });
      setImmediate(next);
    });
  }

  function next(): void {
    const soonest = waiting.reduce((least, it) => (it.at < least.at ? it : least), waiting[0] as { at: number; resolve: () => void });
    waiting.splice(waiting.indexOf(soonest), 1);
    now = soonest.at;
    soonest.resolve();
  }

  const header = { clusterId: '1', revision: '10' };
  const client: Client = {
    async range(request) {
      const [{ keys, count, more }] = (await answer([request])) as [RangeKeys];
      const kvs = keys.map((key) => ({ key, value: Buffer.alloc(0), createRevision: '1', modRevision: '1', version: '1', lease: '0' }));
      return { header, kvs, count, more, stale: false };
    },
    async rangeMany(requests) {
      return { header, ranges: await answer(requests), stale: false };
    },
    async scan(request, onKey) {
      const [{ keys, count, more }] = (await answer([request])) as [RangeKeys];
      keys.forEach(onKey);
      return { header, count, more };
    },
    ...NOT_SIMULATED,
    hasOldData: () => Promise.resolve(false),
    endpoint: () => 'simulator',
    close: () => Promise.resolve(),
  };
  const work = (): number => priceOf(COST, counts.requests, counts.operations, counts.returned) + COST.walk * counts.walked;
  return {
    client,
    counts,
    elapsed: () => now,
    work,
    floor: (children) => floorOf(sorted.length, children),
  };
}

function floorOf(keys: number, children: number): { time: number; work: number } {
  const work = priceOf(COST, 2, 2, children) + COST.walk * (keys + children);
  return { time: work + priceOf(OWN, 2, 2, children), work };
}

function look(sorted: readonly Key[], { key, rangeEnd, limit }: RangeRequest): RangeKeys {
  const from = position(sorted, key);
  const to =
    rangeEnd === undefined ? from + Number(sorted[from] === key) : rangeEnd === TO_THE_END ? sorted.length : position(sorted, rangeEnd);
  const count = Math.max(0, to - from);
  const keys = sorted.slice(from, from + Math.min(limit === undefined || limit === 0 ? count : limit, count));
  return { keys, count, more: keys.length < count };
}

/** The index of the first key that is not before this one. */
function position(sorted: readonly Key[], key: Key): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as Key) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function priceOf(cost: typeof OWN, requests: number, operations: number, keys: number): number {
  return cost.request * requests + cost.operation * operations + cost.key * keys;
}
