/** Writes of one document, one after the other, between changes of others: each does what the text says, and knows what was there. */
import fc from 'fast-check';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient, keyOf, type Client } from '../../src/client/index.js';
import type { OfferedBase } from '../../src/host/bases.js';
import { spanBelow } from '../../src/keyspace/subtree.js';
import { yaml } from '../../src/keyspace/documents/yaml.js';
import { openHost, type Host } from '../fault/host.js';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';
import { putAll } from '../harness/load.js';
import { runs } from '../harness/runs.js';
import { options } from './servers.js';

let etcd: TestEtcd;
let host: Host;
let client: Client;
let serial = 0;
beforeAll(async () => {
  etcd = await startEtcd();
  host = await openHost({ endpoints: [etcd.endpoint] });
  client = createClient({ endpoints: [etcd.endpoint] });
});
afterAll(async () => {
  host.close();
  await client.close();
  await etcd.stop();
});

type Tree = Map<string, string>;

/** Keys enough for several lines of the base. */
const FILLING = Array.from({ length: 120 }, (_, i) => `f${100 + i}`);
const name = fc.constantFrom<string>('a', '\u00e9', 'db/host', 'db', 'x: y', 'f105', 'f210');
const value = fc.constantFrom<string>('1', 'x', '\u00e9', 'two\nlines\n', '');
/** How the text is written: as we would, with comments, with other line ends, or in another order. */
const style = fc.constantFrom<string>('plain', 'plain', 'commented', 'dos', 'reversed');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('type' as const), name, value: fc.option(value, { nil: undefined }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('others' as const), name, value: fc.option(value, { nil: undefined }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('write' as const), force: fc.boolean(), style, restarted: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read' as const) }) },
);

const written = { do: 'write' as const, force: false, style: 'plain', restarted: false };
const backAndForth = ['1', 'x', '1'].flatMap((it) => [{ do: 'type' as const, name: 'f105', value: it }, written]);

function textOf(tree: Tree, how: string): string {
  const entries = [...tree].map(([key, text]) => ({ key: keyOf(key), value: Buffer.from(text) }));
  const text = yaml.encode(entries);
  if (how === 'dos') return text.replaceAll('\n', '\r\n');
  if (how === 'commented') return `# of mine\n\n${text.replaceAll(/^(?=[af])/gm, '# \u00e9\n')}`;
  // Names that nest stand together, as they must.
  return how === 'reversed' && ![...tree.keys()].some((key) => key.startsWith('db'))
    ? entries
        .reverse()
        .map((entry) => yaml.encode([entry]))
        .join('')
    : text;
}

/** What the editor keeps. */
interface Kept {
  id: string;
  lines: string[];
  file: string;
  cluster_id: string;
  seen: string;
}

/** As autoload/etcd/buffer/document.vim. */
function keep({ id, file, lines, from }: OfferedBase, before: Kept | undefined): Pick<Kept, 'id' | 'lines' | 'file'> {
  const got = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  rmSync(file);
  if (!from) return { id, lines: got, file };
  expect(before?.id).toBe(from.id);
  const all = [...(before?.lines ?? []), ...Array<string>(1000).fill('')].slice(0, lines);
  from.at.forEach((line, i) => (all[line] = got[i] ?? ''));
  return { id, lines: all, file };
}

interface Stored {
  value: string;
  revision: string;
}

/** An editor with one document of a prefix. Its model says what each write has to do. */
function openEditor(prefix: string) {
  const address = `etcd:${prefix}?yaml`;
  let text: Tree = new Map();
  /** What the base has to say. */
  let known = new Map<string, Stored>();
  let kept: Kept | undefined;

  async function stored(): Promise<Map<string, Stored>> {
    const { start: key, end: rangeEnd } = spanBelow(prefix);
    const { kvs } = await client.range({ key, rangeEnd }, options);
    const nameOf = (whole: string): string => Buffer.from(whole.slice(prefix.length), 'latin1').toString();
    return new Map(kvs.map((kv) => [nameOf(kv.key), { value: kv.value.toString(), revision: kv.modRevision }]));
  }

  async function read(): Promise<void> {
    const { ok } = await host.ask('open', { name: address });
    const opened = ok as unknown as { file: string; base: OfferedBase; cluster_id: string; seen: string };
    known = await stored();
    text = new Map([...known].map(([key, { value: held }]) => [key, held]));
    expect(readFileSync(opened.file, 'utf8')).toBe(textOf(text, 'plain'));
    rmSync(opened.file);
    kept = { ...opened, ...keep(opened.base, undefined) };
  }

  /** By name: the keys that the text changes, and what etcd has to hold then. */
  function touched(): Map<string, string | undefined> {
    const names = new Set([...text.keys(), ...known.keys()]);
    return new Map([...names].filter((it) => text.get(it) !== known.get(it)?.value).map((it) => [it, text.get(it)]));
  }

  async function plan(how: string, force: boolean, restarted: boolean): ReturnType<Host['ask']> {
    if (!kept) throw new Error('nothing was read');
    const { id, cluster_id, seen } = kept;
    const base = { id: restarted ? 'of another process' : id, cluster_id, seen };
    const made = await host.ask('document_plan', { name: address, force, base }, textOf(text, how));
    expect(made.ok?.['wanted']).toBe(restarted ? 'base' : undefined);
    if (!restarted) return made;
    const file = `${dirname(kept.file)}/base${++serial}`;
    writeFileSync(file, kept.lines.map((line) => `${line}\n`).join(''));
    return host.ask('document_plan', { name: address, force, base: { ...base, file } }, textOf(text, how));
  }

  async function write(how: string, force: boolean, restarted: boolean): Promise<void> {
    const [before, changes] = [await stored(), touched()];
    const put = [...changes].filter(([it, wanted]) => before.get(it)?.value !== wanted);
    const isLost = !force && put.some(([it]) => before.get(it)?.revision !== known.get(it)?.revision);
    const { ok, err } = await plan(how, force, restarted);
    if (isLost) {
      expect(err?.code).toBe('conflict');
      expect(await stored()).toEqual(before);
      return;
    }
    expect([err, ok?.['keys']]).toEqual([undefined, put.length]);
    const done = put.length === 0 ? { revision: '0', atomic: true } : (await host.ask('apply', { plan: ok?.['plan'] })).ok;
    const after = await stored();
    expect(new Map([...after].map(([it, { value: held }]) => [it, held]))).toEqual(expectedOf(before, changes));
    for (const it of changes.keys()) {
      const now = after.get(it);
      if (now) known.set(it, now);
      else known.delete(it);
    }
    const written = await host.ask('document_written', { name: ok?.['address'], revision: done?.['revision'], atomic: done?.['atomic'] });
    const told = written.ok as unknown as { base: OfferedBase; keys: number } & Partial<Kept>;
    expect(told.keys).toBe(known.size);
    kept = { ...(kept as Kept), ...told, ...keep(told.base, kept) };
  }

  return { read, write, stored, type: (it: string, held?: string) => (held === undefined ? text.delete(it) : text.set(it, held)) };
}

function expectedOf(before: Map<string, Stored>, changes: Map<string, string | undefined>): Tree {
  const expected = new Map([...before].map(([it, { value: held }]) => [it, held]));
  for (const [it, wanted] of changes) {
    if (wanted === undefined) expected.delete(it);
    else expected.set(it, wanted);
  }
  return expected;
}

it('does what the text says, and refuses what others have changed, in any order of edits, writes and changes of others', async () => {
  let writes = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 30 }), async (steps) => {
      const prefix = `/sequence/${++serial}/`;
      await putAll(
        etcd,
        FILLING.map((it) => prefix + it),
        'x',
      );
      const editor = openEditor(prefix);
      await editor.read();
      for (const it of steps) {
        if (it.do === 'type') editor.type(it.name, it.value);
        else if (it.do === 'read') await editor.read();
        else if (it.do === 'write') await editor.write(it.style, it.force, it.restarted);
        else if (it.value === undefined) await etcd.delete(prefix + it.name);
        else await etcd.put(prefix + it.name, it.value);
        writes += it.do === 'write' ? 1 : 0;
      }
      // Whatever was refused, the text can be written at last, and then there is nothing more to write.
      await editor.write('plain', true, false);
      await editor.write('commented', false, false);
    }),
    { numRuns: runs(60), examples: [[backAndForth]] },
  );
  expect(writes).toBeGreaterThan(60);
}, 600_000);
