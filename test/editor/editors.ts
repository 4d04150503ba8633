/** Every editor of this run: one body, run in each, on a real etcd of its own. */
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { startEditor, type Editor, type EditorOptions } from '../harness/editor.js';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';
import { tools, type EditorTool } from '../harness/tools.js';

export interface Bench {
  /** Which editor this is, if rows differ. */
  tool: EditorTool;
  etcd(): TestEtcd;
  /** A fresh editor that knows this etcd; closed after the test. */
  open(options?: EditorOptions): Promise<Editor>;
}

/**
 * @param prefix of the keys, which are `prefix1.json` and so on
 * @returns a function that creates a key with `value`, and opens it in a fresh editor
 */
export function keyOpener({ open, etcd }: Bench, prefix: string) {
  let serial = 0;
  return async (value: string, rc: string[] = [], endpoint = etcd().endpoint) => {
    const key = `${prefix}${++serial}.json`;
    await etcd().put(key, value);
    const editor = await open({ rc, endpoints: [endpoint] });
    await editor.ex(`edit etcd:${key}`);
    return { editor, key, address: `etcd://${key}` };
  };
}

/** For what one sees if nothing is watched. An editor that watches may show what others did before it is asked. */
export const UNWATCHED = 'let g:etcd = {"watch": 0}';

/** Waits until Node and the editor have both had their turn with the last change. */
export async function asked(editor: Editor): Promise<void> {
  for (let i = 0; i < 20; i++) await editor.eval('1');
}

const isShort = process.env['ETCD_VIM_TEST_SHORT'] !== undefined;

/** The oldest Neovim and the newest Vim: one has the fewest functions, and the other runs the other half of our script. */
const pair = [tools.editors.find(({ kind }) => kind === 'nvim'), tools.editors.findLast(({ kind }) => kind === 'vim')];

/**
 * For whatever all editors do alike. To save time, .ci/run takes two of them.
 * @param fill puts the keys that the tests of this body begin with
 */
export function inOneOfEach(title: string, fill: (etcd: TestEtcd) => Promise<void>, body: (bench: Bench) => void): void {
  inEditors(isShort ? pair.filter((tool) => tool !== undefined) : tools.editors, title, fill, body);
}

/** @param fill puts the keys that the tests of this body begin with */
export function inEveryEditor(title: string, fill: (etcd: TestEtcd) => Promise<void>, body: (bench: Bench) => void): void {
  inEditors(tools.editors, title, fill, body);
}

function inEditors(
  editors: readonly EditorTool[],
  title: string,
  fill: (etcd: TestEtcd) => Promise<void>,
  body: (bench: Bench) => void,
): void {
  describe.each(editors)(`${title} ($name)`, (tool) => {
    let opened: Editor[] = [];
    let etcd: TestEtcd;
    const bench: Bench = {
      tool,
      etcd: () => etcd,
      async open(options: EditorOptions = {}) {
        const editor = await startEditor(tool, { endpoints: [etcd.endpoint], ...options });
        opened.push(editor);
        return editor;
      },
    };
    beforeAll(async () => {
      etcd = await startEtcd();
      await fill(etcd);
    });
    afterEach(async () => {
      await Promise.all(opened.map((editor) => editor.close()));
      opened = [];
    });
    afterAll(() => etcd.stop());
    body(bench);
  });
}

/**
 * All of them; but to save time, .ci/run takes every third one, and the next editors take the others. So each is seen in one Vim and one
 * Neovim.
 * @param from another place of the same list, if there are several of them for each editor
 */
export function spread<T>(all: readonly T[], tool: EditorTool, from = 0): T[] {
  const first = from + tools.editors.indexOf(tool);
  return all.filter((_, index) => !isShort || (index + first) % 3 === 0);
}

/**
 * A row that this editor cannot have. tools/fidelity.ts shows a dash, and the reason below the table.
 * @param proof fails once the editor can do it after all; without it only the reason is given
 */
export function cannot(title: string, reason: string, proof?: () => Promise<void>): void {
  const name = `${title} (– ${reason})`;
  if (proof) it(name, proof);
  else it.skip(name, () => undefined);
}

/** From this version on, Neovim takes `etcd:/x` for a whole name, a URL. Other editors want `://`. */
export function knowsShort({ kind, version }: EditorTool): boolean {
  return kind === 'nvim' && Number(/^0\.(\d+)/.exec(version)?.[1] ?? Infinity) >= 10;
}
export const NOT_SHORT = 'this editor takes a name for a whole one only with "://", and looks for others in the directories of \'path\'';
