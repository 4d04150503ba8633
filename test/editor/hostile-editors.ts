/** The bench of the hostile rows: every editor, an etcd that holds the corpus, and a trap that must stay empty. */
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Editor, EditorOptions } from '../harness/editor.js';
import type { TestEtcd } from '../harness/etcd.js';
import { claimed, keys, typed, values } from '../harness/hostile.js';
import { keyOf, setTrap, type Trap } from '../harness/trap.js';
import { inEveryEditor, spread } from './editors.js';

export const text = (key: Buffer): string => key.toString('latin1');
export const valueKeys = values.map((_, i) => `/v/${100 + i}`);
const modeline = "call Canary('typed')\nos.execute('canary typed')\n# vim: set tabstop=13 foldmethod=expr foldexpr=Canary('fold') :\n";
/** The keys of the corpus that begin with `prefix`. */
export const inside = (prefix: string): Buffer[] => keys.filter((key) => text(key).startsWith(prefix));
/** What may be on the screen: no control or format character, and nothing that turns the direction. */
export const PRINTABLE = /^[\x20-\x7e\n\p{L}\p{M}\p{N}…]*$/u;

async function fill(etcd: TestEtcd): Promise<void> {
  for (const [i, key] of keys.entries()) await etcd.put(key, `value ${i}\n`);
  for (const [i, key] of valueKeys.entries()) await etcd.put(key, values[i] as Buffer);
  for (const key of typed) await etcd.put(key, modeline);
  for (const key of claimed) await etcd.put(key, /\.v(ba|mb)$/.test(key) ? '" Vimball Archiver\nx\ny\n' : gzipSync(modeline));
}

export type Seen = [name: string, line: string, kind: string][];

export interface HostileBench {
  etcd(): TestEtcd;
  /** The directory of the trap, for whatever else a test leaves. */
  root(): string;
  sang(): string[];
  start(rc?: string[], options?: EditorOptions): Promise<Editor>;
  /** The value of an expression that is evaluated when the editor is idle. */
  result<T>(editor: Editor, expression: string): Promise<T>;
  /** Runs a command on each address, other commands after it, and gives what is there then. */
  visit(editor: Editor, command: string, addresses: string[], ...after: string[]): Promise<Seen>;
  /** Everything that etcd holds, by the bytes of the key (latin1). */
  everything(): Promise<Map<string, string>>;
  /** What to go through one by one: the keys of the corpus. In .ci/run it is every third one, and the next editors have the others. */
  visited: Buffer[];
}

/** @param body as for inEveryEditor(); no canary may have sung after any of its tests */
export function inEveryHostileEditor(body: (bench: HostileBench) => void): void {
  inEveryEditor('fidelity: hostile', fill, ({ open, etcd, tool }) => {
    let trap: Trap;
    beforeAll(() => {
      trap = setTrap();
    });
    afterEach(() => expect(trap.sang()).toEqual([]));
    afterAll(() => trap.remove());

    function start(rc: string[] = [], options: EditorOptions = {}): Promise<Editor> {
      return open({ ...options, rc: [...(trap.options.rc ?? []), ...rc], env: { ...trap.options.env, ...options.env } });
    }

    async function result<T>(editor: Editor, expression: string): Promise<T> {
      await editor.ex(`let g:result = ${expression}`);
      // Messages may have left a prompt.
      await editor.normal();
      return editor.eval<T>('g:result');
    }

    async function everything(): Promise<Map<string, string>> {
      const { body } = await etcd().post('/v3/kv/range', { key: 'AA==', range_end: 'AA==' });
      const latin1 = (base64 = ''): string => Buffer.from(base64, 'base64').toString('latin1');
      return new Map((body['kvs'] as { key: string; value?: string }[]).map((kv) => [latin1(kv.key), latin1(kv.value)]));
    }

    const visit = (editor: Editor, command: string, addresses: string[], ...after: string[]) =>
      result<Seen>(editor, `Visit(${[command, addresses, ...after].map((it) => quoted(it)).join(', ')})`);

    body({
      etcd,
      root: () => trap.root,
      sang: () => trap.sang(),
      start,
      result,
      visit,
      everything,
      visited: spread(keys, tool),
    });
  });
}

/** Each of the keys, in this order, was opened. */
export function expectOpened(seen: Seen, opened: Buffer[], held: Map<string, string>): void {
  expect(seen.map(([name, line, kind]) => [text(keyOf(name)), line, kind])).toEqual(
    opened.map((key) => [text(key), (held.get(text(key)) ?? '').replace(/\n$/, ''), 'key']),
  );
  for (const [name] of seen) expect(name).toMatch(PRINTABLE);
}

/** A string or a list of them as Vim script. */
export function quoted(it: string | string[]): string {
  return typeof it === 'string' ? `'${it.replaceAll("'", "''")}'` : `[${it.map(quoted).join(', ')}]`;
}
