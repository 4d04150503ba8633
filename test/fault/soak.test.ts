/** Three writers on one key while members are killed, stopped and ended at random. etcd's own history is the oracle. */
import { setTimeout as pause } from 'node:timers/promises';
import { it } from 'vitest';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { tools } from '../harness/tools.js';
import { row } from './ledger.js';
import { bounds, isFull } from './trials.js';
import { judge, openWriter, type Outcome } from './writer.js';

/** One fault, which is over when this returns. Its victim is random, and so is its time. */
async function anyFault(cluster: TestCluster): Promise<void> {
  const member = Math.floor(Math.random() * 3);
  const kind = Math.floor(Math.random() * 3);
  const lasting = 200 + Math.random() * 1300;
  if (kind === 0) {
    cluster.stop(member);
    await pause(lasting);
    cluster.resume(member);
  } else {
    await cluster.kill(member, kind === 1 ? 'SIGKILL' : 'SIGTERM');
    await pause(lasting);
    cluster.start(member);
  }
  await cluster.healthy();
  await pause(Math.random() * 500);
}

/**
 * Mutants: `compare: []` in compareAndPutTxn() of src/client/txn.ts (puts over what was not read); in full also without
 * `uncertain ||= …` in src/client/endpoints.ts (conflicts with oneself, about one in four of the unknown outcomes).
 */
it.each(tools.etcds)('cas-soak ($name): acknowledged is there once, a conflict never', bounds, async ({ name, command }) => {
  const cluster = await startCluster({ command, size: 3 });
  await cluster.inspect().put('/soak', 'first');
  await row('cas-soak', name, async (ledger) => {
    // At least one write a second. The faults take some seconds each.
    ledger.promise({ orMore: true, hits: () => (isFull ? 10 : 1) });
    const end = performance.now() + ledger.wanted * 1000;
    const outcomes: Outcome[] = [];

    async function write(id: number): Promise<void> {
      const { endpoints } = cluster;
      const writer = openWriter([...endpoints.slice(id), ...endpoints.slice(0, id)]);
      for (let n = 0; performance.now() < end; n++) {
        const base = await writer.read('/soak').catch(() => 'no answer' as const);
        if (base === 'no answer') continue;
        const outcome = await writer.write('/soak', `${id}:${n}`, base);
        outcomes.push(outcome);
        ledger.tried(outcome.ms);
        // Writers that never wait leave no time to the member that must catch up.
        await pause(Math.random() * 10);
      }
      await writer.client.close();
    }
    async function disturb(): Promise<void> {
      while (performance.now() < end) {
        await anyFault(cluster);
        ledger.hit();
      }
    }
    await Promise.all([write(0), write(1), write(2), disturb()]);
    await cluster.healthy();
    judge(ledger, await cluster.inspect().history('/soak'), outcomes);
  }).finally(cluster.close);
});
