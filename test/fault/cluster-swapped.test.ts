/** Another cluster answers at the same endpoint. Its revisions mean nothing here, and can be exactly the same. */
import { it } from 'vitest';
import { startCluster } from '../harness/cluster.js';
import { tools } from '../harness/tools.js';
import { row } from './ledger.js';
import { bounds } from './trials.js';
import { openWriter } from './writer.js';

/** Mutant: `return` at the top of sameCluster() in src/client/same-cluster.ts: the compare holds, by chance of the revision. */
it.each(tools.etcds)('cluster-swapped ($name): nothing is written to it', bounds, async ({ name, command }) => {
  await row('cluster-swapped', name, async (ledger) => {
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const cluster = await startCluster({ command });
      const writer = openWriter(cluster.endpoints);
      try {
        const before = await cluster.inspect().put('/swapped', 'of the first');
        const base = await writer.read('/swapped');
        await cluster.swap();
        const after = await cluster.inspect().put('/swapped', 'of the second');
        if (before === after) ledger.hit();
        const outcome = await writer.write('/swapped', 'mine', base);
        ledger.hold(outcome.error?.code === 'cluster_changed', `told ${outcome.error?.code ?? 'saved'}`);
        const now = (await cluster.inspect().get('/swapped'))?.value.toString();
        ledger.hold(now === 'of the second', `holds ${now}`);
        ledger.tried(outcome.ms);
      } finally {
        await writer.client.close();
        await cluster.close();
      }
    }
  });
});
