/** An editor, a road to its etcd and a colleague. A step is done, everything comes to rest, and is judged. */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Chronicle } from '../../harness/chronicle.js';
import { startEditor } from '../../harness/editor.js';
import type { TestEtcd } from '../../harness/etcd.js';
import { loadedBuffers } from '../../harness/invariant.js';
import { openRoad, type Fate } from '../../harness/road.js';
import type { EditorTool } from '../../harness/tools.js';
import type { Meanwhile, Step, Theirs } from './edits.js';
import { handOf } from './hand.js';
import { NOTE, openVerdict } from './verdict.js';

const SCRIPT = fileURLToPath(new URL('../../harness/soak.vim', import.meta.url));
/**
 * The timeouts are short, so that an answer that never comes soon counts as none. Nothing is judged by them. @param watch 1: open values
 * follow etcd
 */
const settings = (watch: number): string => `let g:etcd = {'watch': ${watch}, 'timeout': {'read': 2000, 'write': 2500, 'list': 2000}}`;

/** How often we look at an action that Ctrl-C may have ended. */
const LOOKS = 30;

export interface Episode {
  /** @returns what does not hold after it, and whether its requests were really held */
  step(step: Step): Promise<{ violations: string[]; hit: boolean }>;
  close(): Promise<void>;
}

/** @param keys only of this episode; the first is new @param watch g:etcd.watch */
export async function openEpisode(
  tool: EditorTool,
  etcd: TestEtcd,
  chronicle: Chronicle,
  keys: readonly string[],
  watch: number,
): Promise<Episode> {
  const road = await openRoad(etcd.endpoint);
  const theirs = new Set<string>();
  const put = colleague(etcd, theirs);
  for (const key of keys.slice(1)) await put({ theirs: key, deletes: false });
  const home = `etcd:${keys[1] as string}`;
  const editor = await startEditor(tool, { endpoints: [road.endpoint], rc: [settings(watch), `source ${SCRIPT}`] });
  const hand = handOf(editor);
  await editor.ex(`call setline(1, '${NOTE}') | let g:soak.note = bufnr('%') | edit ${home}`);
  const verdict = openVerdict({ editor, etcd, hand, chronicle, keys, theirs, changes: road.changes, follows: watch === 1 });

  async function happens(it: Meanwhile, isOver: () => boolean): Promise<void> {
    if (it === 'Ctrl-C') {
      if (isOver()) return;
      await editor.type('<C-c>');
      // If we asked before Ctrl-C has arrived, it would end our question. And it may end a timer instead of the action.
      await pause(30);
      for (let looks = 0; looks < LOOKS && !isOver(); looks++) await pause(5);
    } else if ('theirs' in it) {
      await put(it);
    } else {
      const held = road.held();
      await hand.timer(it, () => isOver() || road.held() > held);
    }
  }
  /** @returns whether a request waited */
  async function during({ meanwhile, fates }: NonNullable<Step['held']>, isOver: () => boolean): Promise<boolean> {
    while (!isOver() && road.held() === 0) await pause(2);
    const hit = road.held() > 0;
    if (hit) for (const it of meanwhile) await happens(it, isOver);
    let next = 0;
    road.release(() => fates[next++ % fates.length] as Fate);
    return hit;
  }

  return {
    async step(step) {
      const { action, before, held, late } = step;
      if (before) await put(before);
      await hand.forget();
      if (action.guarded) await editor.ex(`call SoakGo('${home}')`).catch(() => undefined);
      await hand.rest();
      await verdict.begin(await loadedBuffers(editor));
      let isOver = false;
      if (held) road.hold();
      hand.start(action, () => (isOver = true));
      const hit = held !== undefined && (await during(held, () => isOver));
      await hand.rest(() => isOver);
      if (late) road.late();
      await editor.ex('call SoakTidy()').catch(() => undefined);
      await hand.rest();
      await road.quiet();
      return { violations: await verdict.judge(step), hit };
    },
    async close() {
      await editor.close();
      road.close();
    },
  };
}

/** A second client that writes the same keys. @param theirs takes the revisions of its changes */
function colleague(etcd: TestEtcd, theirs: Set<string>): (what: Theirs) => Promise<void> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  let serial = 0;
  return async ({ theirs: key, deletes }) => {
    const value = `c${++serial} of ${key}\n`;
    const { body } = deletes
      ? await etcd.post('/v3/kv/deleterange', { key: base64(key) })
      : await etcd.post('/v3/kv/put', { key: base64(key), value: base64(value) });
    theirs.add((body['header'] as { revision: string }).revision);
  };
}
