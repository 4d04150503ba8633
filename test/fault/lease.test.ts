/** Leases that are kept alive over faults: if the client says that one is held, etcd itself agrees. */
import { setTimeout as pause } from 'node:timers/promises';
import { it } from 'vitest';
import { createClient, type HeldLease } from '../../src/library/index.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { startRelay, type Relay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { comes } from './contest.js';
import { row, type Ledger } from './ledger.js';
import { atAnswer, atRequest, NOWHERE, RENEWED, RENEWING, untilLost } from './moments.js';
import { bounds } from './trials.js';

/** Seconds: of a lease that must be lost, and of one that must be kept. It is asked for again after a third of them. */
const [SHORT, LONG] = [2, 4];

interface Scene {
  cluster: TestCluster;
  relay: Relay;
  lease: HeldLease;
  /** ms until etcd can end it, if it is no longer kept alive. */
  granted(): number;
}

interface Way {
  fault(scene: Scene): Promise<unknown>;
  /** Whether it must be held after that. If not, it must be lost. */
  held: boolean;
  /** ms within which the loss must be told, if etcd cannot tell before that it is gone. */
  within?: number;
}

const WAYS: Record<string, Way> = {
  'its question is cut off': {
    held: true,
    async fault({ relay }) {
      await atRequest(relay, RENEWING, (wire) => wire.cut());
      await atRequest(relay, RENEWING, (wire) => wire.cut());
    },
  },
  'its answer is lost': {
    held: true,
    fault: async ({ relay }) =>
      atRequest(relay, RENEWING, (wire) => {
        wire.silence();
        void wire.answered.then(() => wire.cut());
      }),
  },
  'the member is killed': {
    held: true,
    async fault({ cluster, relay }) {
      await atRequest(relay, RENEWING, () => cluster.kill(0));
      cluster.start(0);
      await cluster.healthy();
    },
  },
  'the member is stopped for a while': {
    held: true,
    async fault({ cluster, relay }) {
      await atRequest(relay, RENEWING, () => cluster.stop(0));
      await pause(300);
      cluster.resume(0);
    },
  },
  'the member is stopped for longer than it lasts': {
    held: false,
    async fault({ cluster, relay, lease, granted }) {
      await atRequest(relay, RENEWING, () => cluster.stop(0));
      // It may have answered before it stopped.
      await untilLost(lease);
      await pause(granted());
      cluster.resume(0);
    },
  },
  // Its time counts from the question, and not from the answer.
  'it is cut off when an answer came late': {
    held: false,
    async fault({ relay }) {
      await atAnswer(relay, RENEWED, async () => pause(800));
      relay.lead(NOWHERE);
    },
  },
  'somebody else ends it': {
    held: false,
    within: 3000,
    fault: async ({ cluster, relay, lease }) =>
      atRequest(relay, RENEWING, async () => cluster.inspect().post('/v3/lease/revoke', { ID: lease.id })),
  },
};

async function stage(command: string, { held }: Way): Promise<Scene & { end(): Promise<void> }> {
  const cluster = await startCluster({ command });
  const relay = await startRelay(cluster.endpoints[0] as string);
  const etcd = createClient({ endpoints: relay.endpoint });
  const ttl = held ? LONG : SHORT;
  const lease = await etcd.lease(ttl);
  return {
    cluster,
    relay,
    lease,
    granted: () => lease.left() + 0.02 * ttl * 1000,
    async end() {
      lease.stop();
      await etcd.close();
      relay.close();
      await cluster.close();
    },
  };
}

/** @returns whether etcd has it, and what is wrong with what the client believes after that */
async function ask({ cluster, lease }: Scene): Promise<{ isThere: boolean; wrong?: string }> {
  const { body } = await cluster.inspect().post('/v3/lease/timetolive', { ID: lease.id });
  const ttl = Number(body['TTL'] ?? '0');
  const left = lease.left();
  // etcd gives whole seconds, so there may be almost one more.
  const most = ttl < 0 ? 0 : (ttl + 1) * 1000;
  return { isThere: ttl >= 0, ...(left > most && { wrong: `held for ${left.toFixed(0)} ms, and etcd says ${ttl} s` }) };
}

/** Waits until etcd itself has ended it, which it does up to a second late. @returns what was wrong meanwhile */
async function untilEnded(scene: Scene): Promise<string | undefined> {
  let wrong: string | undefined;
  for (;;) {
    const asked = await ask(scene);
    wrong ??= asked.wrong;
    if (!asked.isThere) return wrong;
    await pause(10);
  }
}

async function play(ledger: Ledger, what: string, way: Way, scene: Scene): Promise<void> {
  const { relay, lease } = scene;
  await comes(`${what}: the fault`, Promise.race([way.fault(scene), untilLost(lease)]));
  ledger.hit();
  const began = performance.now();
  if (way.held) {
    for (let i = 0; i < 2; i++) await Promise.race([atAnswer(relay, RENEWED, () => undefined), untilLost(lease)]);
    const { isThere, wrong } = await ask(scene);
    ledger.hold(isThere && wrong === undefined, `${what}: ${wrong ?? 'etcd has ended it'}`);
    ledger.hold(!lease.lost.aborted, `${what}: told to be lost: ${String(lease.lost.reason)}`);
  } else if (way.within === undefined) {
    const wrong = await comes(`${what}: its end`, untilEnded(scene));
    ledger.hold(wrong === undefined, `${what}: ${wrong}`);
    ledger.hold(lease.lost.aborted, `${what}: etcd has ended it, and it is not told`);
  } else {
    await comes(`${what}: the loss`, untilLost(lease));
    ledger.inTime(performance.now() - began, way.within, what);
  }
  ledger.tried(way.within === undefined ? 0 : performance.now() - began);
}

/** Mutant: `[performance.now(), granted]` in refresh() of src/client/keep-alive.ts: a lease is held for as long again after an answer. */
it.each(tools.etcds)('lease-kept ($name): a lease that is said to be held is held', bounds, async ({ name, command }) => {
  const ways = Object.entries(WAYS);
  await row('lease-kept', name, async (ledger) => {
    // All at once, because each of them waits for seconds to pass.
    for (let trial = 0; trial < ledger.wanted; trial += ways.length) {
      const scenes = await Promise.all(ways.map(async ([, way]) => stage(command, way)));
      const playing = ways.map(async ([what, way], at) => play(ledger, what, way, scenes[at] as Scene));
      await Promise.all(playing).finally(async () => Promise.all(scenes.map(async ({ end }) => end())));
    }
  });
});
