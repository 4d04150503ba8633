/** Watches beside a writer, over connections that are cut, members that are killed, and histories that are compacted. */
import { it } from 'vitest';
import { openChronicle, type Chronicle } from '../harness/chronicle.js';
import { tools } from '../harness/tools.js';
import { compare, judge } from './follower.js';
import { row, type Ledger } from './ledger.js';
import { atAnswer, atRequest, EVENTS, NOWHERE } from './moments.js';
import { caughtUp, here, stage, type Scene } from './scene.js';
import { bounds } from './trials.js';

type Way = (scene: Scene) => Promise<void>;

/** How the connection of a watch ends. */
const CUTS: Record<string, Way> = {
  'before a change is told': async ({ relay }) => atAnswer(relay, EVENTS, (wire) => wire.cut()),
  'in the middle of a change': async ({ relay }) => atAnswer(relay, EVENTS, (wire, piece) => wire.end(piece.subarray(0, piece.length / 2))),
  'after a change is told': async ({ relay }) => atAnswer(relay, EVENTS, (wire, piece) => wire.end(piece)),
  'while it asks how far etcd is': async ({ relay }) => {
    await atAnswer(relay, EVENTS, (wire) => wire.cut());
    await atRequest(relay, '/v3/kv/range', (wire) => wire.cut());
  },
  'while it begins again': async ({ relay }) => {
    await atAnswer(relay, EVENTS, (wire) => wire.cut());
    await atRequest(relay, '/v3/watch', (wire) => wire.cut());
  },
  'as the member is killed': async ({ cluster, relay }) => {
    await atAnswer(relay, EVENTS, () => cluster.kill(0));
    cluster.start(0);
    await cluster.healthy();
  },
};

/**
 * Mutants: `place ??=` of follow() in src/client/watch.ts as `place =`: it goes on from now, and what happened meanwhile is missed.
 * `if (isEcho) continue` left out of hear(): the last change is told twice.
 */
it.each(tools.etcds)('watch-cut ($name): each change is told once and in order', bounds, async ({ name, command }) => {
  const ways = Object.entries(CUTS);
  await row('watch-cut', name, async (ledger) => {
    await stage(command, async (scene) => {
      const { cluster, churn, follower } = scene;
      churn.start();
      for (let trial = 0; trial < ledger.wanted; trial++) {
        const [what, cut] = ways[trial % ways.length] as [string, Way];
        const before = follower.breaks;
        await cut(scene);
        ledger.tried((await caughtUp(ledger, scene, what)).ms);
        if (follower.breaks > before) ledger.hit();
      }
      await churn.stop();
      await caughtUp(ledger, scene, 'at the end');
      ledger.hold(follower.gaps.length === 0, `changes are said to be missed: ${JSON.stringify(follower.gaps)}`);
      const chronicle = await openChronicle(`http://${here(cluster)}`, cluster.inspect());
      judge(ledger, follower, await chronicle.told());
      chronicle.close();
      await compare(ledger, follower, cluster.inspect());
    });
  });
});

/** It has a second follower whose connection is never cut, so it knows what others may have missed. */
interface Witnessed extends Scene {
  chronicle: Chronicle;
}

/** @returns the revision up to which the past is gone; the witness has seen it */
async function compact({ cluster, chronicle }: Witnessed, revision?: string): Promise<string> {
  const etcd = cluster.inspect();
  const upTo = revision ?? (await etcd.put('/w/mark', 'compacted'));
  await chronicle.told();
  await etcd.post('/v3/kv/compaction', { revision: upTo, physical: true });
  return upTo;
}

/** In the middle of an event. */
const cutOff = async ({ relay }: Scene): Promise<void> => atAnswer(relay, EVENTS, () => relay.lead(NOWHERE));

/** The past is compacted between the question how far etcd is and the watch. */
const compactAtWatch = async (scene: Witnessed): Promise<void> =>
  atRequest(scene.relay, '/v3/watch', async () => {
    await scene.churn.more(3);
    await compact(scene);
  });

/** Each compacts while the watch is cut off, and gives how often the watch has to say that it may have missed something. */
const COMPACTIONS: Record<string, (scene: Witnessed, ledger: Ledger) => Promise<number>> = {
  async 'all that it has missed'(scene) {
    await cutOff(scene);
    await scene.churn.more(5);
    await compact(scene);
    scene.relay.lead(here(scene.cluster));
    return 1;
  },
  async 'a delete that came next'(scene, ledger) {
    await scene.churn.stop();
    await caughtUp(ledger, scene, 'before the delete');
    scene.relay.lead(NOWHERE);
    await scene.cluster.inspect().delete('/w/mark');
    await compact(scene, String(BigInt(await scene.cluster.inspect().put('/other', 'not watched')) - 1n));
    scene.relay.lead(here(scene.cluster));
    scene.churn.start();
    return 1;
  },
  async 'what it has heard'(scene, ledger) {
    await scene.churn.stop();
    const heard = await caughtUp(ledger, scene, 'before the cut');
    scene.relay.lead(NOWHERE);
    await scene.churn.more(5);
    await compact(scene, heard.revision);
    scene.relay.lead(here(scene.cluster));
    scene.churn.start();
    return 0;
  },
  async 'what came after its question'(scene) {
    await cutOff(scene);
    scene.relay.lead(here(scene.cluster));
    await compactAtWatch(scene);
    return 1;
  },
  async 'the same twice'(scene) {
    await cutOff(scene);
    scene.relay.lead(here(scene.cluster));
    await compactAtWatch(scene);
    await compactAtWatch(scene);
    return 2;
  },
};

/** Mutant: the resync after `message.compacted` left out of hear() in src/client/watch.ts: what is gone is skipped without a word. */
it.each(tools.etcds)('watch-compacted ($name): what is gone is said to be missed, and no more', bounds, async ({ name, command }) => {
  const ways = Object.entries(COMPACTIONS);
  await row('watch-compacted', name, async (ledger) => {
    await stage(command, async (staged) => {
      const { cluster, churn, follower } = staged;
      const chronicle = await openChronicle(`http://${here(cluster)}`, cluster.inspect());
      const scene = { ...staged, chronicle };
      churn.start();
      for (let trial = 0; trial < ledger.wanted; trial++) {
        const [what, compaction] = ways[trial % ways.length] as (typeof ways)[number];
        const { breaks: broken, gaps } = follower;
        const before = gaps.length;
        const due = await compaction(scene, ledger);
        const { ms } = await caughtUp(ledger, scene, what, before + due);
        ledger.tried(ms);
        ledger.hold(gaps.length === before + due, `${what}: told ${gaps.length - before} times and not ${due}`);
        // If it is cut off while it begins anew, it only asks again.
        if (follower.breaks > broken || due > 0) ledger.hit();
      }
      await churn.stop();
      await caughtUp(ledger, scene, 'at the end');
      judge(ledger, follower, await chronicle.told());
      chronicle.close();
      await compare(ledger, follower, cluster.inspect());
    });
  });
});
