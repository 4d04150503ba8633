/** Puts that nobody answers, and that may arrive later. */
import { expect, it } from 'vitest';
import { startCluster } from '../harness/cluster.js';
import { startRelay, type Wire } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { row } from './ledger.js';
import { bounds } from './trials.js';
import { judge, openWriter, type Outcome } from './writer.js';

/**
 * Mutant: `compare: []` in compareAndPutTxn() of src/client/txn.ts: a put that nobody waits for any more overwrites what was written since.
 */
it.each(tools.etcds)('late-put ($name): a put that lands late never overwrites what is newer', bounds, async ({ name, command }) => {
  const cluster = await startCluster({ command, size: 3 });
  const follower = ((await cluster.leader()) + 1) % 3;
  const other = cluster.inspect((follower + 1) % 3);
  const relay = await startRelay(cluster.endpoints[follower] as string);
  await row('late-put', name, async (ledger) => {
    // The others answered while they were being stopped.
    ledger.promise({ hits: (all) => all / 2 });
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const force = trial % 2 === 1;
      const key = `/late/${trial}`;
      await other.put(key, 'older');
      const writer = openWriter([relay.endpoint], 300);
      const base = await writer.read(key);
      const sent = new Promise<Wire>((resolve) => {
        relay.onRequest = (piece, wire) => {
          if (!piece.includes('/v3/kv/txn')) return;
          cluster.stop(follower);
          resolve(wire);
        };
      });
      const writing = writer.write(key, 'late', base, { force });
      const wire = await sent;
      const outcome = await writing;
      // A member takes a moment to stop, and may have answered in it.
      if (outcome.revision === undefined) ledger.hit();
      ledger.hold(outcome.error === undefined || outcome.error.code === 'outcome_unknown', `${key}: told ${outcome.error?.code}`);
      relay.onRequest = undefined;
      await other.put(key, 'newer');
      cluster.resume(follower);
      await wire.answered;
      const now = (await other.get(key))?.value.toString();
      ledger.hold(now === 'newer', `${key}${force ? ' by :w!' : ''}: holds ${now}`);
      await writer.client.close();
      ledger.tried();
    }
  }).finally(async () => {
    relay.close();
    await cluster.close();
  });
});

/**
 * Mutant: without `uncertain ||= …` in attempt() of src/client/endpoints.ts, the second attempt meets the first one's put and takes
 * it for somebody else's: a conflict is told of a value that was written.
 */
it.each(tools.etcds)(
  'abort-put ($name): what is told is what happened, wherever the connection is cut',
  bounds,
  async ({ name, command }) => {
    const cluster = await startCluster({ command });
    const relay = await startRelay(cluster.endpoints[0] as string);
    const direct = cluster.endpoints[0] as string;
    await cluster.inspect().put('/abort', 'first');
    await row('abort-put', name, async (ledger) => {
      // These are told to be overwritten. For the others, chance decides when they are cut, and the client repairs most of that.
      ledger.promise({ hits: (all) => Math.floor(all / 4) });
      const outcomes: Outcome[] = [];
      for (let trial = 0; trial < ledger.wanted; trial++) {
        const writer = openWriter(byUser(trial) ? [direct] : [relay.endpoint, direct]);
        const base = await writer.read('/abort');
        const stop = new AbortController();
        relay.onRequest = (piece, wire) => {
          if (!piece.includes('/v3/kv/txn')) return;
          if (trial % 4 !== 1) return void setTimeout(() => wire.cut(), Math.random() * 4);
          // It is written, and overwritten by somebody before the client can ask again.
          wire.silence();
          void wire.answered.then(() => cluster.inspect().put('/abort', `over ${trial}`)).then(() => wire.cut());
        };
        if (byUser(trial)) setTimeout(() => stop.abort(new DOMException('', 'AbortError')), 1 + Math.random() * 6);
        const outcome = await writer.write('/abort', `${name} ${trial}`, base, { signal: stop.signal });
        outcomes.push(outcome);
        if (outcome.error) ledger.hit();
        await writer.client.close();
        ledger.tried();
      }
      await settled();
      const history = await cluster.inspect().history('/abort');
      judge(ledger, history, outcomes);
      // A put that the user has given up may arrive after the next one's read. Then there really was a conflict.
      const givenUp = outcomes.filter(({ error }, trial) => byUser(trial) && error).map(({ value }) => value);
      for (const [trial, { value, base, revision, error }] of outcomes.entries()) {
        if (byUser(trial) || (revision ?? error?.writtenRevision) !== undefined) continue;
        const theirs = history[history.findIndex(({ modRevision }) => modRevision === base) + 1]?.value ?? '';
        ledger.hold(error?.code === 'conflict' && givenUp.includes(theirs), `${value}: ${error?.code} with an endpoint that answers`);
      }
      expect(outcomes.some(({ revision }) => revision !== undefined)).toBe(true);
    }).finally(async () => {
      relay.close();
      await cluster.close();
    });

    /** The user gives up half of them. The network cuts off the other half, and another endpoint is at hand. */
    function byUser(trial: number): boolean {
      return trial % 2 === 0;
    }

    /** A put that was given up may still be on its way. After a few later puts it has arrived. */
    async function settled(): Promise<void> {
      for (let i = 0; i < 5; i++) await cluster.inspect().put('/abort/settled', String(i));
    }
  },
);
