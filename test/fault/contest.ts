/** Contenders for one name, each with its own way to etcd, and a judge who checks that only one has it at a time. */
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, type Client, type Lock } from '../../src/client/index.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { startRelay, type Relay, type Wire } from '../harness/relay.js';
import type { Ledger } from './ledger.js';

export interface Contender {
  client: Client;
  relay: Relay;
}

export interface Contest {
  cluster: TestCluster;
  contenders: Contender[];
  end(): Promise<void>;
}

/** What contenders want. */
export const NAME = '/contest';
/** The path that ends a lease. What it held is given back by that. */
export const ENDING = '/v3/lease/revoke';

/** What a contender has, or had. */
export interface Had<Held extends Lock> {
  held: Held;
  /** It was given back, or told to be lost. */
  isOver(): boolean;
  giveBack(): Promise<void>;
}

/** ms after which something counts as hanging. It is longer than any TTL here, and than a start of etcd on a busy machine. */
const PATIENCE = 40_000;

/** Something that never came. That is a violation, and not the fault of the machine. */
class Hanging extends Error {}

async function openContest(command: string, size: number): Promise<Contest> {
  const cluster = await startCluster({ command });
  const contenders: Contender[] = [];
  for (let at = 0; at < size; at++) {
    const relay = await startRelay(cluster.endpoints[0] as string);
    contenders.push({ relay, client: createClient({ endpoints: [relay.endpoint] }) });
  }
  return {
    cluster,
    contenders,
    async end() {
      // What a fault has left stopped cannot be closed.
      cluster.resume(0);
      await Promise.all(contenders.map(async ({ client }) => client.close()));
      for (const { relay } of contenders) relay.close();
      await cluster.close();
    },
  };
}

/** @throws if it does not come */
export async function comes<T>(what: string, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = pause(PATIENCE, undefined, { signal: over.signal }).then(
    () => Promise.reject(new Hanging(`${what}: it hangs`)),
    () => work,
  );
  return Promise.race([work, late]).finally(() => over.abort());
}

/** Plays, and counts a hang as a violation. */
export async function played(ledger: Ledger, what: string, play: () => Promise<void>): Promise<void> {
  const began = performance.now();
  try {
    await play();
  } catch (thrown) {
    if (!(thrown instanceof Hanging)) throw thrown;
    ledger.violation(`${what}: ${thrown.message}`);
  }
  ledger.tried(performance.now() - began);
}

/**
 * Plays each way as often as wanted, all of them at once, each in a contest of its own, because most of them wait for seconds to pass.
 * @param size contenders of a contest
 */
export async function playAll<Way>(
  ledger: Ledger,
  command: string,
  size: number,
  ways: Readonly<Record<string, Way>>,
  play: (ledger: Ledger, what: string, way: Way, contest: Contest) => Promise<void>,
): Promise<void> {
  const all = Object.entries(ways);
  for (let trial = 0; trial < ledger.wanted; trial += all.length) {
    const contests = await Promise.all(all.map(async () => openContest(command, size)));
    const playing = all.map(async ([what, way], at) => play(ledger, what, way, contests[at] as Contest));
    await Promise.allSettled(playing);
    await Promise.all(contests.map(async ({ end }) => end()));
    await Promise.all(playing);
  }
}

/** Watches who has it: never two at once, and each with a greater revision than the one before. */
export function openJudge<Held extends Lock>(ledger: Ledger, what: string): (wanted: Promise<Held>) => Promise<Had<Held>> {
  const all: Had<Held>[] = [];
  return async (wanted) => {
    const held = await wanted;
    for (const other of all) {
      ledger.hold(other.isOver(), `${what}: somebody has it, and who had it before is not told`);
      ledger.hold(
        BigInt(held.revision) > BigInt(other.held.revision),
        `${what}: its revision is no greater than that of who had it before`,
      );
    }
    let isBack = false;
    const had = {
      held,
      isOver: () => isBack || held.lost.aborted,
      giveBack() {
        isBack = true;
        return held.release();
      },
    };
    all.push(had);
    return had;
  };
}

/** @returns the keys of the queue, the oldest first; none of our code asks for them */
export async function queueOf(cluster: TestCluster): Promise<{ key: string; lease: string }[]> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const range = { key: base64(`${NAME}/`), range_end: base64(`${NAME}0`), sort_target: 'CREATE', sort_order: 'ASCEND' };
  const { body } = await cluster.inspect(0).post('/v3/kv/range', range);
  const kvs = (body['kvs'] ?? []) as { key: string; lease: string }[];
  return kvs.map(({ key, lease }) => ({ key: Buffer.from(key, 'base64').toString(), lease }));
}

/** Waits until so many are in the queue. */
export async function queued(cluster: TestCluster, count: number): Promise<void> {
  const wait = async (): Promise<void> => {
    while ((await queueOf(cluster)).length !== count) await pause(5);
  };
  await comes(`${count} in the queue`, wait());
}

/** Lets etcd carry out what it is asked, and loses the answer. */
export function loseAnswer(wire: Wire): void {
  wire.silence();
  void wire.answered.then(() => wire.cut());
}

/** kill -9, and a new start with the same data. */
export async function restart(cluster: TestCluster): Promise<void> {
  await cluster.kill(0);
  cluster.start(0);
  await cluster.healthy();
}
