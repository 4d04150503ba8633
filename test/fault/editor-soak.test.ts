/**
 * Random edits, writes, reads, timers and faults in a real editor. Each step is judged, also by etcd's own history. A seed decides what is
 * done: ETCD_VIM_SOAK_SEED begins with the one that a violation names. In episodes with an odd seed, values follow etcd.
 */
import { expect, it } from 'vitest';
import { openChronicle } from '../harness/chronicle.js';
import { startEtcd } from '../harness/etcd.js';
import { randomOf } from '../harness/random.mjs';
import { tools } from '../harness/tools.js';
import { anySteps, told, type Step } from './editor-soak/edits.js';
import { harmsTo, stepsOf, type Harm } from './editor-soak/harms.js';
import { openEpisode, type Episode } from './editor-soak/episode.js';
import { row, type Ledger } from './ledger.js';
import { bounds } from './trials.js';

/** Steps of an episode. They are few, so that a failure can be repeated. */
const STEPS = 60;
/** How many steps are told if one went wrong. */
const TOLD = 30;
/** After so many failed episodes enough is known. */
const ENOUGH = 3;

const given = process.env['ETCD_VIM_SOAK_SEED'];

/** @returns whether everything came out as it must */
async function goesWell(episode: Episode, steps: Step[], seed: string, ledger: Ledger, isOver: () => boolean): Promise<boolean> {
  const done: Step[] = [];
  const tell = (): boolean => process.stdout.write(`${seed}:\n${done.slice(-TOLD).map(told).join('\n')}\n`);
  for (const step of steps) {
    if (isOver()) break;
    done.push(step);
    // An exception is no violation: the editor is gone or hangs, or we cannot ask it.
    const { violations, hit } = await episode.step(step).catch((error: unknown) => {
      tell();
      throw error;
    });
    ledger.tried();
    if (hit) ledger.hit();
    for (const text of violations) ledger.violation(`${seed}, step ${done.length}: ${text}`);
    if (violations.length === 0) continue;
    tell();
    return false;
  }
  return true;
}

/**
 * Mutants, and what the judge says of each:
 * - `if 1` for the look at etcd#buffer#fill#state() in s:settle() of autoload/etcd/buffer/write.vim: not 'modified' with another text.
 * - In Vim, no etcd#buffer#proof#outlive() after a write: a base that the text does not come from.
 * - `undolevels=-1` at every read in autoload/etcd/buffer/fill.vim: a text is gone.
 * - `compare: []` in src/client/txn.ts: put over what nothing was compared with.
 * - `base ?` for `force ?` in writeKey() of src/keyspace/write/save.ts: an unseen value is overwritten.
 * - `value.subarray(1)` there: no buffer had this text.
 */
it.each(tools.editors)('editor-soak ($name): what is not modified is what etcd held, and no edit is lost', bounds, async (tool) => {
  const etcd = await startEtcd();
  const chronicle = await openChronicle(`http://${etcd.endpoint}`, etcd);
  await row('editor-soak', tool.name, async (ledger) => {
    // At least one step a second. One in five waits for something to happen in the middle of it.
    ledger.promise({ orMore: true, hits: (all) => all / 20 });
    const end = performance.now() + ledger.wanted * 1000;
    const isOver = (): boolean => performance.now() > end;
    const first = given === undefined ? Math.floor(Math.random() * 1e9) : Number(given);
    process.stdout.write(`editor-soak ${tool.name}: seeds from ${first}\n`);
    for (let [seed, bad] = [first, 0]; !isOver() && bad < ENOUGH; seed++) {
      const keys = ['new', 'a', 'b', 'c'].map((name) => `/soak/${seed}/${name}`);
      const steps = anySteps(randomOf(seed).next, keys, STEPS);
      const episode = await openEpisode(tool, etcd, chronicle, keys, seed % 2);
      if (!(await goesWell(episode, steps, `seed ${seed}`, ledger, isOver).finally(episode.close))) bad++;
    }
  }).finally(async () => {
    chronicle.close();
    await etcd.stop();
  });
});

/** This is no mutant of the product, but a harm of each kind, done by a step, to show that no check is blind. */
it.each(harmsTo('').map(({ what }, index) => ({ what, index })))('editor-soak sees it where $what', bounds, async ({ index }) => {
  const etcd = await startEtcd();
  const chronicle = await openChronicle(`http://${etcd.endpoint}`, etcd);
  const harm = harmsTo('/soak/a')[index] as Harm;
  const tool = tools.editors[index % tools.editors.length] as (typeof tools.editors)[number];
  const episode = await openEpisode(tool, etcd, chronicle, ['/soak/new', '/soak/a'], 1);
  try {
    const seen: string[][] = [];
    for (const step of stepsOf(harm)) seen.push((await episode.step(step)).violations);
    const last = seen.pop() ?? [];
    expect(seen.flat()).toEqual([]);
    expect(last.join('\n')).toMatch(harm.told);
  } finally {
    await episode.close();
    chronicle.close();
    await etcd.stop();
  }
});
