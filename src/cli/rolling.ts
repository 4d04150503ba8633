/** -lock: among all processes that share it, only so many are down at a time. */
import { pause, type Client, type Key, type Lock } from '../client/index.js';
import { shown } from '../env/read.js';
import { tell } from './failure.js';

export interface RollingPlan {
  /** The name of the lock, as for `etcdctl lock`. */
  lock: Key;
  /** How many may be down. */
  slots: number;
  /** ms that the command must have run. */
  readyAfter: number;
  /** A command for sh. Its exit code 0 means that the main command is ready. */
  ready?: string;
}

/** The command that is started anew. */
export interface Rolled {
  /** ms since it was started; undefined while it does not run. */
  upFor(): number | undefined;
  /** Whether that line, for sh, ends with 0 in the same environment. */
  check(line: string): Promise<boolean>;
}

export interface Rolling {
  /** Waits for a slot, unless we have one. @returns whether it took time */
  begin(): Promise<boolean>;
  /**
   * Gives the slot back once the command is ready. If `next` comes first, we keep the slot: a change that makes the command fail must
   * not reach the others.
   */
  end(next: Promise<void>): Promise<void>;
}

/** Seconds after which others go on if this process dies. */
const TTL = 10;
/** ms between two looks, and between two attempts to get the lock. */
const [LOOK, AGAIN] = [500, 2000];

/** For commands without -lock. */
export const UNLOCKED: Rolling = { begin: () => Promise.resolve(false), end: () => Promise.resolve() };

/** @param warn hears why there is no slot, and that one is lost */
export function openRolling(client: Client, plan: RollingPlan, app: Rolled, warn: (text: string) => void): Rolling {
  let held: Lock | undefined;

  async function begin(): Promise<boolean> {
    if (held && !held.lost.aborted) return false;
    for (let isFirst = true; ; isFirst = false) {
      try {
        held = await takeSlot(client, plan);
        return true;
      } catch (thrown) {
        if (isFirst)
          warn(`${tell(thrown, `the lock ${shown(plan.lock)}`).line.replace(/^etcdenv: /, '')}; the command waits with the change`);
        await pause(AGAIN);
      }
    }
  }

  async function end(next: Promise<void>): Promise<void> {
    if (!held) return;
    const stop = new AbortController();
    const isOver = await Promise.race([isReady(plan, app, stop.signal), next.then(() => false)]);
    stop.abort();
    if (held.lost.aborted) warn(`the lock ${shown(plan.lock)} was lost before the command was ready`);
    if (!isOver) return;
    await held.release();
    held = undefined;
  }

  return { begin, end };
}

/** Waits for all slots, and takes the first that is free. */
async function takeSlot(client: Client, { lock, slots }: RollingPlan): Promise<Lock> {
  const value = Buffer.from(`${process.getBuiltinModule('node:os').hostname()} ${process.pid}`);
  const names = slots === 1 ? [lock] : Array.from({ length: slots }, (_, at) => `${lock}/slot-${at + 1}`);
  const stop = new AbortController();
  let first: Lock | undefined;
  const waits = names.map(async (name) => {
    const one = await client.lock(name, { ttl: TTL, signal: stop.signal, value });
    first ??= one;
    stop.abort();
    if (first !== one) await one.release();
    return first;
  });
  return Promise.any(waits).catch((thrown: unknown) => Promise.reject((thrown as AggregateError).errors[0] as Error));
}

async function isReady({ readyAfter, ready }: RollingPlan, app: Rolled, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const up = app.upFor();
    if (up !== undefined && up >= readyAfter && (ready === undefined || (await app.check(ready)))) return true;
    const left = up === undefined || up >= readyAfter ? LOOK : Math.min(LOOK, readyAfter - up);
    await pause(left, signal);
  }
  return false;
}
