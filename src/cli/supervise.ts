/** -watch: runs the command as a child. After its environment has changed, the child is started anew, or told. */
import { constants } from 'node:os';
import { openClient, overNodeHttp, pause, type Revision } from '../client/index.js';
import { isAway, readSources } from '../env/read.js';
import { openBeside } from './beside.js';
import { followChanges, type Changes } from './changes.js';
import { onTerminal, startChild, stopChild, type Child, type Ended } from './child.js';
import { failure } from './failure.js';
import { fetchSources, remember } from './fetch.js';
import type { Inherited } from './inherited.js';
import type { Options } from './options.js';
import { openPauses } from './pauses.js';
import { composed, prepared, type Prepared } from './prepare.js';
import { openRolling, UNLOCKED, type Rolled, type Rolling } from './rolling.js';
import type { WatchPlan } from './watch-options.js';

/** The exit code of `-on-change=exit`. */
const EXIT_CHANGED = 120;
/** If etcd was away when something changed, it is asked again after so many ms. */
const AGAIN = 2000;

const FORWARDED: NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'];
/** If the command is in our process group, the terminal sends these to the command as well. */
const OF_TERMINALS: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];

interface Supervised {
  options: Options;
  inherited: Inherited;
  plan: WatchPlan;
  warn: (text: string) => void;
}

/** @returns how to end ourselves. @throws Failure if the first start fails */
export async function supervise(supervised: Supervised): Promise<Ended> {
  const { options, inherited, plan, warn } = supervised;
  let revision: Revision | undefined;
  const first = await prepare(supervised, async () => {
    const reading = await fetchSources(options, warn);
    if (reading.age === undefined) revision = reading.header.revision;
    return reading;
  });
  // Before the command is started, because a signal that comes meanwhile would end only us.
  forwardSignals(() => runner);
  const runner = openRunner(first, inherited, plan);
  const client = openClient({ ...options.cluster, onNotice: () => undefined }, overNodeHttp);
  const changes = followChanges(client, options.keys, revision, plan, warn);
  const again = async () => {
    const reading = await readSources(client, options, { budget: options.timeout });
    remember(options, reading, warn);
    return reading;
  };
  const rolling = plan.rolling ? openRolling(client, plan.rolling, runner, warn) : UNLOCKED;
  void roll(supervised, runner, changes, rolling, () => untilThere(() => prepare(supervised, again), warn));
  return runner.over;
}

async function roll(
  { plan, warn }: Supervised,
  runner: Runner,
  changes: Changes,
  rolling: Rolling,
  read: () => Promise<Prepared>,
): Promise<never> {
  for (let change = changes.next(); ;) {
    await change;
    change = changes.next();
    try {
      const first = await read();
      if (!isSame(runner.prepared(), first)) {
        await pause(Math.random() * plan.splay);
        const next = (await rolling.begin()) ? await read() : first;
        if (!isSame(runner.prepared(), next)) await runner.take(next);
      }
    } catch (thrown) {
      // If the new values cannot be read, or are empty, that is no reason to end a running command.
      warn(`${(thrown as Error).message}; the command goes on with what it has`);
    }
    await rolling.end(change);
  }
}

/** A change that was heard is not forgotten, even if etcd is away when it is read. */
async function untilThere(read: () => Promise<Prepared>, warn: (text: string) => void): Promise<Prepared> {
  for (let isAgain = false; ; isAgain = true) {
    try {
      return await read();
    } catch (thrown) {
      const { cause, message } = thrown as Error;
      if (cause === undefined || !isAway(cause)) throw thrown;
      if (!isAgain) warn(`${message}; trying again`);
      await pause(AGAIN);
    }
  }
}

async function prepare({ options, inherited, warn }: Supervised, read: Parameters<typeof composed>[2]): Promise<Prepared> {
  return prepared(options.command, await composed(options, inherited, read, warn), inherited);
}

function isSame(one: Prepared, other: Prepared): boolean {
  const text = ({ set }: Prepared): string => JSON.stringify(set.map(({ name, value }) => [name, value.toString('latin1')]).sort());
  return text(one) === text(other);
}

interface Runner extends Rolled {
  prepared(): Prepared;
  /** The environment has changed. */
  take(next: Prepared): Promise<void>;
  /** A signal from outside. */
  signal(signal: NodeJS.Signals): void;
  /**
   * The terminal has told the command to end. If the command still runs when it is started anew, it meant something else by that, as with
   * HUP.
   */
  interrupt(): void;
  /** How the command has ended for good. */
  over: Promise<Ended>;
}

function openRunner(first: Prepared, inherited: Inherited, plan: WatchPlan): Runner {
  const [beside, pauses] = [openBeside(inherited, plan), openPauses()];
  let now = first;
  /**
   * `hungUp`: when a HUP came. It tells most commands to end, and some to read their settings anew. Those are still there after a while.
   */
  let [isLeaving, isInterrupted, isReplacing, isUp, started, hungUp] = [false, false, false, false, performance.now(), -Infinity];
  let child: Child;
  let end: (ended: Ended) => void;
  let fail: (thrown: unknown) => void;
  const over = new Promise<Ended>((resolve, reject) => ([end, fail] = [resolve, reject]));

  function start(): void {
    [started, isUp] = [performance.now(), true];
    const own = startChild(now, inherited);
    child = own;
    own.ended.then((ended) => (own === child && !isReplacing ? gone(ended) : undefined), fail);
  }

  function gone(ended: Ended): void {
    isUp = false;
    const isRestarted = plan.restart === 'always' || (plan.restart === 'on-failure' && ended.code !== 0);
    if (isAsked() || !isRestarted) end(ended);
    else pauses.begin(performance.now() - started, ended, start);
  }

  function leave(): void {
    const ended = pauses.cancel();
    if (ended) end(ended);
  }

  const isAsked = (): boolean => isLeaving || isInterrupted || performance.now() - hungUp < plan.killTimeout;

  async function take(next: Prepared): Promise<void> {
    const { onChange } = plan;
    now = next;
    if (onChange.kind === 'signal') child.kill(plan.reloadSignal);
    else if (onChange.kind === 'run') await beside.run(now, onChange.line);
    else await replace(onChange.kind === 'exit');
  }

  async function replace(forGood: boolean): Promise<void> {
    [isReplacing, isInterrupted, hungUp] = [true, false, -Infinity];
    pauses.cancel();
    const ended = await stopChild(child, plan);
    isReplacing = false;
    if (forGood) end({ code: EXIT_CHANGED, signal: null });
    else if (isAsked()) end(ended);
    else start();
  }

  start();
  return {
    over: over.finally(beside.end),
    prepared: () => now,
    upFor: () => (isUp ? performance.now() - started : undefined),
    check: async (line) => (await beside.run(now, line)).code === 0,
    take,
    signal(signal) {
      if (['SIGTERM', 'SIGINT', 'SIGQUIT'].includes(signal)) isLeaving = true;
      if (signal === 'SIGHUP') hungUp = performance.now();
      child.kill(signal);
      if (isAsked()) leave();
    },
    interrupt() {
      isInterrupted = true;
      leave();
    },
  };
}

function forwardSignals(runner: () => Runner): void {
  for (const signal of FORWARDED) process.on(signal, () => runner().signal(signal));
  for (const signal of OF_TERMINALS)
    process.on(signal, () => (!onTerminal ? runner().signal(signal) : signal === 'SIGWINCH' ? undefined : runner().interrupt()));
}

/** Ends like the command: by the same signal, or with the same code. */
export function endAs({ code, signal }: Ended): never {
  if (signal !== null) {
    for (const each of [...FORWARDED, ...OF_TERMINALS]) process.removeAllListeners(each);
    process.kill(process.pid, signal);
    // Node ignores a few, such as SIGPIPE.
    process.exit(128 + constants.signals[signal]);
  }
  process.exit(code ?? failure('').exit);
}
