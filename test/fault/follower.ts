/** A program that follows a range: what a watch has told it, and what it believes that the range holds. */
import { setTimeout as pause } from 'node:timers/promises';
import { isEtcdError, type Client, type EtcdError } from '../../src/client/index.js';
import type { Happened } from '../harness/chronicle.js';
import type { Inspector } from '../harness/inspector.js';
import type { Ledger } from './ledger.js';

/** A place at which the watch has said that changes may have been missed. */
export interface Gap {
  /** How many changes were told before it. */
  told: number;
  /** Everything up to `after` was told, and everything after `upTo` will be. */
  after: string;
  upTo: string;
}

export interface Follower {
  readonly told: readonly Happened[];
  readonly gaps: readonly Gap[];
  /** How often its connection has broken. */
  readonly breaks: number;
  /** What the watch has ended with. */
  readonly error: EtcdError | undefined;
  /**
   * Waits until it has heard everything up to there, and has read anew if it had to.
   * @param resyncs how often it must have been told by then that changes may have been missed
   * @returns false if it has ended, or does not get there in ten seconds
   */
  reaches(revision: string, resyncs?: number): Promise<boolean>;
  /** Waits until the watch has ended by itself. @returns false if it does not in ten seconds */
  ends(): Promise<boolean>;
  /** Value and revision, by key. */
  held(): ReadonlyMap<string, string>;
  end(): Promise<void>;
}

export const RANGE = { key: '/w/', rangeEnd: '/w0' };

const PATIENCE = 10_000;

/** @returns once the watch has begun */
export async function follow(client: Client): Promise<Follower> {
  const stop = new AbortController();
  const { signal } = stop;
  const told: Happened[] = [];
  const gaps: Gap[] = [];
  const held = new Map<string, string>();
  let [heard, read, breaks] = ['0', '0', 0];
  let error: EtcdError | undefined;

  /** As a program must after a resync. */
  async function readAnew(): Promise<void> {
    while (!signal.aborted) {
      try {
        const { header, kvs } = await client.range(RANGE, { budget: 5000, signal });
        held.clear();
        for (const kv of kvs) held.set(kv.key, shown(String(kv.value), kv.modRevision));
        read = header.revision;
        return;
      } catch (thrown) {
        if (!isEtcdError(thrown) || !thrown.retryable) throw thrown;
        await pause(5);
      }
    }
  }
  function take({ key, value, revision }: Happened): void {
    told.push({ key, value, revision });
    if (!isAfter(revision, read)) return;
    if (value === undefined) held.delete(key);
    else held.set(key, shown(value, revision));
  }
  async function listen(): Promise<void> {
    const onConnection = (broken: EtcdError | undefined): void => void (breaks += broken ? 1 : 0);
    for await (const item of client.watch(RANGE, { signal, onConnection })) {
      if (item.type === 'resync') {
        gaps.push({ told: told.length, after: heard, upTo: item.revision });
        // What was heard before does not count for what comes now.
        heard = '0';
      }
      if (item.type === 'resync' || item.type === 'created') await readAnew();
      if (item.type === 'events')
        for (const { type, kv } of item.events)
          take({ key: kv.key, value: type === 'put' ? String(kv.value) : undefined, revision: kv.modRevision });
      heard = item.revision;
    }
  }
  const over = listen().catch((thrown: unknown) => void (error = thrown as EtcdError));
  const reaches = async (revision: string, resyncs = 0): Promise<boolean> => {
    const isThere = (): boolean => gaps.length >= resyncs && !isAfter(revision, heard);
    const end = performance.now() + PATIENCE;
    while (!isThere() && !error && performance.now() < end) await pause(2);
    return isThere();
  };
  if (!(await reaches('1'))) throw error ?? new Error('the watch has not begun');
  return {
    told,
    gaps,
    get breaks() {
      return breaks;
    },
    get error() {
      return error;
    },
    reaches,
    ends: async () => Promise.race([over.then(() => true), pause(PATIENCE, false, { ref: false })]),
    held: () => held,
    async end() {
      stop.abort();
      await over;
    },
  };
}

const shown = (value: string, revision: string): string => `${value}@${revision}`;
const isAfter = (one: string, other: string): boolean => BigInt(one) > BigInt(other);

/** What was told is what has happened: each change once and in order, and all of them except those in a gap that was told. */
export function judge(ledger: Ledger, { told, gaps }: Pick<Follower, 'told' | 'gaps'>, happened: readonly Happened[]): void {
  const inRange = ({ key }: Happened): boolean => key >= RANGE.key && key < RANGE.rangeEnd;
  const isMissing = ({ revision }: Happened): boolean =>
    gaps.some(({ after, upTo }) => isAfter(revision, after) && !isAfter(revision, upTo));
  const words = (all: readonly Happened[]): string[] => all.map(({ key, value, revision }) => `${revision}: ${key}=${value}`);
  const [seen, real] = [words(told), words(happened.filter((each) => inRange(each) && !isMissing(each)))];
  for (let at = 0; at < Math.max(seen.length, real.length); at++) {
    if (seen[at] === real[at]) continue;
    ledger.violation(`told ${seen[at]}, and ${real[at]} has happened, after ${seen[at - 1]}`);
    return;
  }
}

/** What it believes is what etcd holds now. */
export async function compare(ledger: Ledger, follower: Follower, etcd: Inspector): Promise<void> {
  const text = (base64 = ''): string => Buffer.from(base64, 'base64').toString();
  const base64 = (key: string): string => Buffer.from(key).toString('base64');
  const { body } = await etcd.post('/v3/kv/range', { key: base64(RANGE.key), range_end: base64(RANGE.rangeEnd) });
  const kvs = (body['kvs'] ?? []) as { key: string; value?: string; mod_revision: string }[];
  const there = kvs.map(({ key, value, mod_revision }) => `${text(key)}=${shown(text(value), mod_revision)}`).sort();
  const held = [...follower.held()].map(([key, value]) => `${key}=${value}`).sort();
  ledger.hold(there.join() === held.join(), `it holds ${held.join()}, and etcd ${there.join()}`);
}
