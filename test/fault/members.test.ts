/** Members that die, hang or are not ready, one fault in each trial. */
import { setTimeout as pause } from 'node:timers/promises';
import { it } from 'vitest';
import { readKey } from '../../src/keyspace/document.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { startRelay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { row, type Ledger } from './ledger.js';
import { bounds, type Row } from './trials.js';
import { judge, openWriter, type Writer } from './writer.js';

interface Fault {
  row: Row;
  /** ms within which the put must be acknowledged. */
  bound: number;
  hit(cluster: TestCluster): Promise<{ pinned: number; undo: () => void }>;
}

/** ms that one endpoint has before the next is tried (FIRST_SHARE of src/client/endpoints.ts). */
const DEADLINE = 1000;

const faults: Fault[] = [
  {
    row: 'leader-kill',
    bound: 4000,
    async hit(cluster) {
      const leader = await cluster.leader();
      await cluster.kill(leader);
      return { pinned: leader, undo: () => cluster.start(leader) };
    },
  },
  {
    row: 'leader-stop',
    bound: 4000,
    async hit(cluster) {
      const leader = await cluster.leader();
      cluster.stop(leader);
      return { pinned: leader, undo: () => cluster.resume(leader) };
    },
  },
  {
    row: 'follower-stop',
    bound: DEADLINE + 1500,
    async hit(cluster) {
      const follower = ((await cluster.leader()) + 1) % 3;
      cluster.stop(follower);
      return { pinned: follower, undo: () => cluster.resume(follower) };
    },
  },
];

/** A client that talks to this member until it no longer may. */
async function pinnedTo(cluster: TestCluster, member: number): Promise<Writer> {
  const { endpoints } = cluster;
  const writer = openWriter([...endpoints.slice(member), ...endpoints.slice(0, member)]);
  await writer.read('/member');
  return writer;
}

/**
 * If two members vote for themselves at the same time, they vote again a second or two later. Nobody can write meanwhile.
 * @param after ms after which to look, because before that there is enough time
 * @returns ms after which there was a leader, if that was later than `after`; else 0
 */
async function lateElection(cluster: TestCluster, after: number, signal: AbortSignal): Promise<number> {
  const began = performance.now();
  const late = await pause(after, true, { signal }).catch(() => false);
  if (late) await cluster.leader();
  return late ? performance.now() - began : 0;
}

/**
 * Mutants, all in src/client/endpoints.ts: `FIRST_SHARE = 10_000` (leader-stop, follower-stop: one hanging endpoint uses up the time
 * of all), `mayPass = false` in attempt() (leader-kill: gives up after one round, while a leader is being elected).
 */
it.each(faults.flatMap((fault) => tools.etcds.map((etcd) => [fault.row, etcd.name, fault, etcd.command] as const)))(
  '%s (%s): a put is acknowledged in time, once',
  bounds,
  async (name, server, { hit, bound }, command) => {
    const cluster = await startCluster({ command, size: 3 });
    await cluster.inspect().put('/member', 'first');
    await row(name, server, async (ledger) => {
      const outcomes = [];
      for (let trial = 0; trial < ledger.wanted; trial++) {
        // Whom to talk to must be known before the fault. Every member is tried in turn, because the leader is moved on.
        const leader = await cluster.leader();
        const writer = await pinnedTo(cluster, name === 'follower-stop' ? (leader + 1) % 3 : leader);
        const base = await writer.read('/member');
        const { undo } = await hit(cluster);
        const watch = new AbortController();
        const election = lateElection(cluster, bound - DEADLINE, watch.signal);
        const outcome = await writer.write('/member', `${server} ${trial}`, base);
        watch.abort();
        outcomes.push(outcome);
        ledger.hit();
        ledger.hold(outcome.revision !== undefined, `${trial}: ${outcome.error?.code} ${outcome.error?.message}`);
        ledger.inTime(outcome.ms, Math.max(bound, (await election) + DEADLINE), `${trial}: acknowledged`);
        ledger.tried(outcome.ms);
        undo();
        await cluster.healthy();
        await writer.client.close();
      }
      judge(ledger, await cluster.inspect().history('/member'), outcomes);
    }).finally(cluster.close);
  },
);

/** Mutant: startClock() of src/client/gateway.ts that never aborts: the member that takes connections and never answers is waited for. */
it.each(tools.etcds)('not-ready ($name): a member without a quorum is no hang', bounds, async ({ name, command }) => {
  await row('not-ready', name, async (ledger) => {
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const cluster = await startCluster({ command, size: 3, start: [0] });
      try {
        await oneNotReady(cluster, ledger);
      } finally {
        await cluster.close();
      }
    }
  });
});

async function oneNotReady(cluster: TestCluster, ledger: Ledger): Promise<void> {
  await cluster.listening(0);
  const writer = openWriter(cluster.endpoints, 1500);
  const alone = await Promise.race([writer.write('/ready', 'too early', undefined), pause(5000)]);
  if (!alone) {
    ledger.violation('alone: no end in 5 s, of a budget of 1500 ms');
    return;
  }
  ledger.hold(alone.revision === undefined, 'acknowledged without a quorum');
  ledger.inTime(alone.ms, 2000, 'alone, of a budget of 1500');
  ledger.hit();
  const patient = openWriter(cluster.endpoints);
  const writing = patient.write('/ready', 'in time', undefined);
  cluster.start(1);
  cluster.start(2);
  const outcome = await writing;
  await cluster.healthy();
  const history = await cluster.inspect().history('/ready');
  // A write with an unknown outcome may still be done, as soon as there is a quorum. Then it looks like a colleague's. If the key did not
  // exist, nobody can tell what was in between.
  const isRefused = outcome.error?.code === 'conflict' || outcome.error?.code === 'outcome_unknown';
  const isOvertaken = isRefused && alone.error?.code === 'outcome_unknown' && history[0]?.value === alone.value;
  ledger.hold(outcome.revision !== undefined || isOvertaken, `with a quorum: ${outcome.error?.code} ${outcome.error?.message}`);
  ledger.inTime(outcome.ms, 8000, 'with a quorum');
  judge(ledger, history, [alone, outcome]);
  ledger.tried(outcome.ms);
  await Promise.all([writer.client.close(), patient.client.close()]);
}

/**
 * Mutants: afterFailure() in src/keyspace/write/outcome.ts throwing what was thrown: a put that etcd still applies when its quorum comes
 * back is told to have failed; `stale: false` in readStale() of src/client/reads.ts.
 */
it.each(tools.etcds)('quorum-loss ($name): unknown in time, settled afterwards', bounds, async ({ name, command }) => {
  const cluster = await startCluster({ command, size: 3 });
  await cluster.inspect().put('/quorum', 'first');
  await row('quorum-loss', name, async (ledger) => {
    const outcomes = [];
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const survivor = await cluster.leader();
      const others = [0, 1, 2].filter((member) => member !== survivor);
      const relay = await startRelay(cluster.endpoints[survivor] as string);
      const writer = openWriter([relay.endpoint], 3000);
      const base = await writer.read('/quorum');
      relay.onRequest = (piece) => {
        if (!piece.includes('/v3/kv/txn')) return;
        // If it is sent again, it is the same trial.
        relay.onRequest = undefined;
        for (const member of others) void cluster.kill(member);
        ledger.hit();
      };
      const lost = await writer.write('/quorum', `${trial}`, base);
      await Promise.all(others.map((member) => cluster.kill(member)));
      ledger.hold(lost.error?.code === 'outcome_unknown', `${trial}: told ${lost.error?.code ?? 'saved'} without a quorum`);
      ledger.inTime(lost.ms, 3500, `${trial}, of a budget of 3000`);
      const seen = await readKey(writer.client, '/quorum', undefined, { budget: 5000 }, true);
      ledger.hold(seen.stale, `${trial}: read without a quorum, and not told to be stale`);
      const again = openWriter(cluster.endpoints);
      const writing = again.write('/quorum', `${trial}`, base);
      await pause(100);
      for (const member of others) cluster.start(member);
      const settled = await writing;
      ledger.hold(settled.revision !== undefined, `${trial}: again: ${settled.error?.code} ${settled.error?.message}`);
      outcomes.push(settled);
      ledger.tried(lost.ms);
      await cluster.healthy();
      await Promise.all([writer.client.close(), again.client.close()]);
      relay.close();
    }
    judge(ledger, await cluster.inspect().history('/quorum'), outcomes);
  }).finally(cluster.close);
});
