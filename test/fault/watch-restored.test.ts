/** A watch whose cluster becomes another one, or an older state of itself. */
import { it } from 'vitest';
import { openChronicle, type Happened } from '../harness/chronicle.js';
import { tools } from '../harness/tools.js';
import { compare, judge } from './follower.js';
import { row, type Ledger } from './ledger.js';
import { NOWHERE } from './moments.js';
import { caughtUp, here, stage, type Scene } from './scene.js';
import { bounds } from './trials.js';

async function pastOf({ cluster }: Scene): Promise<readonly Happened[]> {
  const chronicle = await openChronicle(`http://${here(cluster)}`, cluster.inspect());
  return chronicle.told().finally(chronicle.close);
}

/** Each makes another history, and gives what had happened in the one before. All of that was heard. */
const CHANGES: Record<string, (scene: Scene, ledger: Ledger) => Promise<readonly Happened[]>> = {
  async 'an older state of it'(scene, ledger) {
    const restore = await scene.cluster.backup();
    await scene.churn.more(10);
    await caughtUp(ledger, scene, 'before');
    const past = await pastOf(scene);
    await restore();
    await scene.churn.more(3);
    return past;
  },
  async 'another cluster'(scene, ledger) {
    await scene.churn.more(5);
    await caughtUp(ledger, scene, 'before');
    const past = await pastOf(scene);
    scene.relay.lead(NOWHERE);
    await scene.cluster.swap();
    // As far as the first one, and further.
    await scene.churn.more(20);
    scene.relay.lead(here(scene.cluster));
    return past;
  },
  async 'an older state that has come further since'(scene, ledger) {
    const restore = await scene.cluster.backup();
    await scene.churn.more(5);
    await caughtUp(ledger, scene, 'before');
    const past = await pastOf(scene);
    scene.relay.lead(NOWHERE);
    await restore();
    await scene.churn.more(20);
    scene.relay.lead(here(scene.cluster));
    return past;
  },
};

/**
 * Mutants: strangeness() of src/client/watch.ts giving undefined: it goes on in the other history, as if that were the first one.
 * echoObjection() left out of hear(): the same if the older state has come further since.
 */
it.each(tools.etcds)('watch-restored ($name): two histories are never mixed, and it is told', bounds, async ({ name, command }) => {
  const ways = Object.entries(CHANGES);
  await row('watch-restored', name, async (ledger) => {
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const [what, change] = ways[trial % ways.length] as (typeof ways)[number];
      await stage(command, async (scene) => {
        const { cluster, follower } = scene;
        await scene.churn.more(10);
        const past = await change(scene, ledger);
        const { ms } = await caughtUp(ledger, scene, what, 1);
        const [gap, ...more] = follower.gaps;
        ledger.hold(gap !== undefined && more.length === 0, `${what}: told ${follower.gaps.length} times`);
        const before = gap?.told ?? follower.told.length;
        judge(ledger, { told: follower.told.slice(0, before), gaps: [] }, past);
        const since = gap ? [{ ...gap, after: '0' }] : [];
        judge(ledger, { told: follower.told.slice(before), gaps: since }, await pastOf(scene));
        await compare(ledger, follower, cluster.inspect());
        if (follower.breaks > 0) ledger.hit();
        ledger.tried(ms);
      });
    }
  });
});
