/** What is checked after each step of an episode, and what is kept from one step to the next. */
import type { Chronicle, Happened } from '../../harness/chronicle.js';
import type { Editor } from '../../harness/editor.js';
import type { TestEtcd } from '../../harness/etcd.js';
import { canonical, holds, loadedBuffers, tryToWrite, type Loaded } from '../../harness/invariant.js';
import type { Change } from '../../harness/road.js';
import { actionsOf, type Step } from './edits.js';
import type { Hand } from './hand.js';
import { historian, judgeBase, judgeOthers, judgeReported, missingTokens, tokensOf, type Attempts, type Seen } from './lineage.js';
import { staysOutdated } from './newest.js';

/** The text of a buffer without a name. No command is about it. */
export const NOTE = 'a note of nobody else';

export interface Scene {
  editor: Editor;
  etcd: TestEtcd;
  hand: Hand;
  chronicle: Chronicle;
  /** Of this episode. */
  keys: readonly string[];
  /** Revisions at which the colleague wrote. */
  theirs: ReadonlySet<string>;
  /** All that was sent on the road. */
  changes: readonly Change[];
  /** Whether values follow etcd. */
  follows: boolean;
}

export interface Verdict {
  /** @param was the buffers before a step */
  begin(was: Loaded[]): Promise<void>;
  /** @returns what does not hold after it, in words */
  judge(step: Step): Promise<string[]>;
}

/** For one episode. */
export function openVerdict({ editor, etcd, hand, chronicle, keys, theirs, changes, follows }: Scene): Verdict {
  const attempts: Attempts = new Map();
  /** Buffers whose text need not hold what its base does, because there was an undo or a `!`. */
  const loose = new Set<number>();
  const historyOf = historian(changes, theirs);
  const mine = async () => (await chronicle.told()).filter(({ key }) => keys.includes(key));
  let [was, from]: [Loaded[], number] = [[], 0];

  function remember(texts: Seen[], allLoose: boolean): void {
    for (const [bufnr, , text] of texts) {
      const before = attempts.get(text) ?? false;
      attempts.set(text, before || allLoose || loose.has(bufnr));
    }
  }
  async function gone(texts: Seen[], is: Loaded[], happened: readonly Happened[]): Promise<string[]> {
    const missing = missingTokens(was, texts, is, happened);
    if (missing.length === 0) return [];
    const undone: string[] = [];
    for (const { bufnr } of is) undone.push(...(await hand.undone(bufnr)).flatMap(tokensOf));
    return missing.filter((it) => !undone.includes(it)).map((it) => `${it} is in no buffer and no undo tree, and was never in etcd`);
  }
  /**
   * For buffers that are not 'modified', holds() says everything. A text that the editor has loaded anew by itself may have a base that it
   * does not come from, as long as it is never sent; so we try to write it. Whether it is such a text, the product must know, and not a
   * list of ours.
   */
  async function unfounded(is: Loaded[], happened: readonly Happened[]): Promise<string[]> {
    for (const { bufnr, options } of is) if (options['modified'] === 0) loose.delete(bufnr);
    const violations: string[] = [];
    for (const buffer of is) {
      const wrong = buffer.options['modified'] === 0 || loose.has(buffer.bufnr) ? [] : judgeBase(buffer, happened);
      if (wrong.length === 0) continue;
      const sent = changes.length;
      await tryToWrite(editor, buffer.bufnr);
      if (changes.length > sent) violations.push(...wrong.map((text) => `${text}, and :w sends it`));
    }
    return violations;
  }

  return {
    async begin(before) {
      was = before;
      from = (await mine()).length;
    },
    async judge(step) {
      const actions = actionsOf(step);
      const old = follows ? await staysOutdated(async () => [await loadedBuffers(editor), await mine()]) : [];
      await hand.rest();
      const { about, texts, done } = await hand.kept();
      const happened = await mine();
      const is = await loadedBuffers(editor);
      const isLoose = actions.some((it) => it.loose);
      if (isLoose) for (const bufnr of about) loose.add(bufnr);
      remember(texts, isLoose);
      const names = [...actions.flatMap(({ does }) => does.match(/etcd:\/\S*/g) ?? []), ...namesOf(about, texts)];
      return [
        ...(await holds(editor, etcd)),
        ...historyOf(happened, attempts),
        ...judgeReported(done, texts, happened, actions.length === 1 ? from : happened.length),
        ...(actions.some((it) => it.all) ? [] : judgeOthers(was, is, new Set(about), new Set(names.map(canonical)))),
        ...noteOf(is, await hand.ask<number>('g:soak.note')),
        ...(await gone(texts, is, happened)),
        ...(await unfounded(is, happened)),
        ...old,
      ];
    },
  };
}

/** What the buffers were called. A buffer with a short name is about the key of another buffer. */
function namesOf(about: readonly number[], texts: readonly Seen[]): string[] {
  return texts.filter(([bufnr]) => about.includes(bufnr)).map(([, name]) => name);
}

function noteOf(is: readonly Loaded[], bufnr: number): string[] {
  const note = is.find((it) => it.bufnr === bufnr);
  if (note?.name === '' && note.text.toString() === NOTE && note.options['modified'] === 1) return [];
  return [`the note is ${note ? JSON.stringify([note.name, note.text.toString(), note.options['modified']]) : 'gone'}`];
}
