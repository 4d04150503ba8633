/** Documents on real servers: read, edited, and written back as a plan. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Client, Key } from '../../src/client/index.js';
import type { Format } from '../../src/keyspace/address.js';
import { changeBase, formatLine, inLines, parseBase, type DocumentBase } from '../../src/keyspace/documents/base.js';
import { planDocument, type MadeChange } from '../../src/keyspace/documents/change.js';
import { differenceOf } from '../../src/keyspace/documents/difference.js';
import type { Entry } from '../../src/keyspace/documents/entry.js';
import { codecOf } from '../../src/keyspace/documents/formats.js';
import { showDocument, type Shown } from '../../src/keyspace/documents/show.js';
import { applyPlan } from '../../src/keyspace/plan/apply.js';
import type { TestEtcd } from '../harness/etcd.js';
import { onEveryServer, options } from './servers.js';
import { runs } from '../harness/runs.js';

interface Read extends Shown {
  text: string;
  base: DocumentBase;
}

async function read(client: Client, prefix: Key, format: Format = 'yaml', revision?: string): Promise<Read> {
  const parts: string[] = [];
  const request = { prefix, format, ...(revision !== undefined && { revision }) };
  const shown = await showDocument(client, request, (part) => parts.push(part), options);
  // As it comes back from the editor.
  const of = inLines(shown.base as DocumentBase);
  const base = parseBase(of.lines.map((_, line) => formatLine(of, line)).join(''));
  return { ...shown, base, text: parts.join('') };
}

interface Text {
  prefix: Key;
  text: string;
  format?: Format;
  /** What was read. Without it the text is imported. */
  from?: Read;
  force?: boolean;
}

async function plan(client: Client, { prefix, text, format = 'yaml', from, force = false }: Text): Promise<MadeChange> {
  const entries: Entry[] = codecOf(format).decode(text);
  const difference = differenceOf(prefix, entries, from?.base);
  return planDocument(client, { prefix, difference, force, ...(from && { base: from.base, seen: from.header }) }, options);
}

/** @returns the base of the next write */
async function write(client: Client, change: Text): Promise<{ steps: string[]; base: DocumentBase }> {
  const made = await plan(client, change);
  const steps = made.plan.steps.map(({ op, key }) => `${op} ${key}`);
  const next = (revision: string) => changeBase(new Map(change.from?.base), made.next(revision));
  if (steps.length === 0) return { steps, base: next('0') };
  const { done } = await applyPlan(client, made.plan, options);
  return { steps, base: next(done.at(-1)?.revision ?? '0') };
}

async function put(server: TestEtcd, tree: Record<string, string>): Promise<void> {
  for (const [key, value] of Object.entries(tree)) await server.put(key, value);
}

async function held(client: Client, prefix: Key): Promise<Record<string, string>> {
  const { kvs } = await client.range({ key: prefix, rangeEnd: `${prefix.slice(0, -1)}0` }, options);
  return Object.fromEntries(kvs.map(({ key, value }) => [key, value.toString('latin1')]));
}

onEveryServer('a document', (server, client) => {
  it('writes what was edited, and nothing else; then nothing', async () => {
    await put(server(), { '/a/db': 'x', '/a/db/host': 'h', '/a/gone': 'g', '/a/stay': 's' });
    const from = await read(client(), '/a/');
    expect(from.text).toBe('db: x\ndb/:\n  host: h\ngone: g\nstay: s\n');
    const text = 'stay: "s"\n# of mine\ndb/:\n    host: h2\n    new: n\ndb: x\n';
    const { steps, base } = await write(client(), { prefix: '/a/', text, from });
    expect(steps.sort()).toEqual(['delete /a/gone', 'put /a/db/host', 'put /a/db/new']);
    expect(await held(client(), '/a/')).toEqual({ '/a/db': 'x', '/a/db/host': 'h2', '/a/db/new': 'n', '/a/stay': 's' });
    expect((await write(client(), { prefix: '/a/', text, from: { ...from, base } })).steps).toEqual([]);
    expect([...base].sort()).toEqual([...(await read(client(), '/a/')).base].sort());
  });

  it('keeps what others have changed, and refuses by name what both have', async () => {
    await put(server(), { '/b/mine': '1', '/b/theirs': '1', '/b/both': '1', '/b/same': '1' });
    const from = await read(client(), '/b/');
    await put(server(), { '/b/theirs': '2', '/b/both': '2', '/b/same': '3', '/b/new': '2' });
    const text = 'mine: 3\ntheirs: 1\nboth: 3\nsame: 3\n';
    const conflict = { code: 'conflict', message: expect.stringMatching(/^both: changed here, and by others/) as string };
    await expect(plan(client(), { prefix: '/b/', text, from })).rejects.toMatchObject(conflict);
    const { steps, base } = await write(client(), { prefix: '/b/', text, from, force: true });
    expect(steps.sort()).toEqual(['put /b/both', 'put /b/mine']);
    expect(await held(client(), '/b/')).toEqual({ '/b/mine': '3', '/b/theirs': '2', '/b/both': '3', '/b/same': '3', '/b/new': '2' });
    expect((await write(client(), { prefix: '/b/', text, from: { ...from, base } })).steps).toEqual([]);
  });

  it('after a write of many keys still knows what others have changed', async () => {
    const names = Array.from({ length: 102 }, (_, i) => `k${String(i).padStart(3, '0')}`);
    await server().put('/many/k000', '1');
    const first = names.map((name) => `${name}: 1\n`).join('');
    await write(client(), { prefix: '/many/', text: first });
    const from = await read(client(), '/many/');
    await server().put('/many/k000', 'theirs');
    const text = `k000: 1\n${names
      .slice(1)
      .map((name) => `${name}: 2\n`)
      .join('')}`;
    const { base } = await write(client(), { prefix: '/many/', text, from });
    expect((await write(client(), { prefix: '/many/', text: text.replace('k001: 2', 'k001: 3'), from: { ...from, base } })).steps).toEqual([
      'put /many/k001',
    ]);
    expect(await held(client(), '/many/')).toMatchObject({ '/many/k000': 'theirs', '/many/k001': '3', '/many/k002': '2' });
  });

  it('is imported: adds and changes, and deletes only if that is wished', async () => {
    await put(server(), { '/c/a': '1', '/c/b': '1', '/c/c': '1' });
    const text = '{"a": "2", "b": "1", "d": "1"}';
    expect((await write(client(), { prefix: '/c/', text, format: 'json' })).steps).toEqual(['put /c/a', 'put /c/d']);
    expect((await write(client(), { prefix: '/c/', text, format: 'json', force: true })).steps).toEqual(['delete /c/c']);
    expect(await held(client(), '/c/')).toEqual({ '/c/a': '2', '/c/b': '1', '/c/d': '1' });
  });

  it('that gives a key a lease that is not there is refused by its name, and nothing is written', async () => {
    await put(server(), { '/nolease/a': '1', '/nolease/b': '1' });
    const from = await read(client(), '/nolease/', 'jsonl');
    const text = (leases: string[]) =>
      leases.map((lease, i) => `{"key": "${i === 0 ? 'a' : 'b'}", "value": "2", "lease": "${lease}"}\n`).join('');
    const refused = (message: string) => ({ code: 'lease_not_found', message, subject: { reason: 'lease_unknown' } });
    for (const [leases, message] of [
      [['abcdef', 'abcdef'], 'there is no lease abcdef'],
      [['abcdef', 'abc'], 'one of these leases is not there: abcdef, abc'],
    ] as const) {
      const wanted = { prefix: '/nolease/', text: text([...leases]), format: 'jsonl' as const, from };
      await expect(write(client(), wanted)).rejects.toMatchObject(refused(message));
    }
    expect(await held(client(), '/nolease/')).toEqual({ '/nolease/a': '1', '/nolease/b': '1' });
  });

  it('of the past restores it', async () => {
    await put(server(), { '/d/a': '1', '/d/b': '1' });
    const { revision } = await read(client(), '/d/');
    await put(server(), { '/d/a': '2', '/d/c': '2' });
    const { text } = await read(client(), '/d/', 'yaml', revision);
    await write(client(), { prefix: '/d/', text, force: true });
    expect(await held(client(), '/d/')).toEqual({ '/d/a': '1', '/d/b': '1' });
  });

  it('keeps leases, tells of them in ?jsonl, and changes them there', async () => {
    const lease = await server().grantLease(600);
    await server().put('/e/a', '1', lease);
    const yaml = await read(client(), '/e/');
    await write(client(), { prefix: '/e/', text: 'a: 2\n', from: yaml });
    expect((await client().range({ key: '/e/a' }, options)).kvs[0]?.lease).toBe(lease);
    const from = await read(client(), '/e/', 'jsonl');
    expect(JSON.parse(from.text)).toEqual({ key: 'a', value: '2', lease: BigInt(lease).toString(16), ttl: expect.any(Number) as number });
    await write(client(), { prefix: '/e/', text: '{"key":"a","value":"2"}', format: 'jsonl', from });
    expect((await client().range({ key: '/e/a' }, options)).kvs[0]?.lease).toBe('0');
  });

  it('never writes over another, whoever changes what (40 random trees)', async () => {
    let run = 0;
    const tree = fc.dictionary(fc.constantFrom('a', 'b', 'b/c', 'd'), fc.constantFrom('1', '2'));
    const check = async (before: Record<string, string>, mine: Record<string, string>, theirs: Record<string, string>): Promise<void> => {
      const prefix = `/random/${String(run++)}/`;
      const at = (of: Record<string, string>) => Object.fromEntries(Object.entries(of).map(([key, value]) => [prefix + key, value]));
      await put(server(), at(before));
      const from = await read(client(), prefix);
      for (const key of Object.keys(before)) if (!(key in theirs)) await server().delete(prefix + key);
      await put(server(), at(Object.fromEntries(Object.entries(theirs).filter(([key, value]) => before[key] !== value))));
      const keys = [...new Set([before, mine, theirs].flatMap(Object.keys))];
      const isConflict = keys.some((key) => mine[key] !== before[key] && theirs[key] !== before[key] && mine[key] !== theirs[key]);
      const entries = Object.entries(mine).map(([key, value]) => ({ key, value: Buffer.from(value) }));
      const wrote = write(client(), { prefix, text: codecOf('yaml').encode(entries), from });
      if (isConflict) await expect(wrote).rejects.toMatchObject({ code: 'conflict' });
      else await wrote;
      const merged = keys.map((key) => [key, mine[key] === before[key] || isConflict ? theirs[key] : mine[key]]);
      const left = merged.filter((row): row is [string, string] => row[1] !== undefined);
      expect(await held(client(), prefix)).toEqual(at(Object.fromEntries(left)));
    };
    await fc.assert(fc.asyncProperty(tree, tree, tree, check), { numRuns: runs(40) });
  });
});
