import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { basesOf, type Bases, type OfferedBase } from '../../../src/host/bases.js';
import { openBodies, type Bodies } from '../../../src/host/bodies.js';
import type { Session } from '../../../src/host/session.js';
import type { DocumentBase, Known } from '../../../src/keyspace/documents/base.js';
import { yaml } from '../../../src/keyspace/documents/yaml.js';

const knownAt = (modRevision: string): Known => ({ modRevision, createRevision: '1', version: '1', lease: '0', digest: 'd' });
const baseOf = (keys: number): DocumentBase => new Map(Array.from({ length: keys }, (_, i) => [`k${i}`, knownAt('1')]));

let top: string;
let bodies: Bodies;
let bases: Bases;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'etcd-vim-unit-')));
  vi.stubEnv('XDG_RUNTIME_DIR', top);
  bodies = openBodies(`${process.pid}-0`);
  bases = basesOf({ bodies: () => bodies } as Session);
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const dir of [top, bodies.dir]) rmSync(dir, { recursive: true, force: true });
});

/** What the editor has after that: all lines, or those that it had with some of them changed. */
function taken({ file, lines, from }: OfferedBase, before: string[] = []): string[] {
  const got = readFileSync(file, 'utf8').trimEnd().split('\n');
  if (!from) return got;
  const all = Array.from({ length: lines }, (_, i) => before[i] ?? '');
  from.at.forEach((line, i) => (all[line] = got[i] ?? ''));
  return all;
}

it('a base comes whole, then only its lines that are different, and is read again from all of them', async () => {
  const first = await bases.offer(baseOf(250), undefined);
  const lines = taken(first);
  const kept = bases.find(first.id);
  expect([first.lines, first.from, kept?.base.size]).toEqual([3, undefined, 250]);
  const changes = new Map([
    ['k120', knownAt('7')],
    ['k3', undefined],
  ]);
  const next = await bases.offerChanged(kept as never, changes, undefined);
  expect(next.from).toEqual({ id: first.id, at: [0, 1] });
  expect(bases.find(first.id)).toBeUndefined();
  const file = join(bodies.dir, 'w1');
  writeFileSync(file, `${taken(next, lines).join('\n')}\n`);
  const read = bases.take(file);
  expect(read).toEqual(bases.find(next.id)?.base);
  expect([read.size, read.get('k120'), read.has('k3')]).toEqual([249, knownAt('7'), false]);
});

it('a base is kept with its text, and each change of it has a text of its own', async () => {
  const [text, other] = ['k0: x\n', 'k0: y\n'].map((it) => yaml.decodeHeld?.(it).held);
  const first = await bases.offer(baseOf(1), text);
  const kept = bases.find(first.id);
  expect(kept?.text).toBe(text);
  const next = await bases.offerChanged(kept as never, new Map(), other);
  expect([next.from, bases.find(next.id)?.text]).toEqual([{ id: first.id, at: [] }, other]);
});

it('bases of more than 50,000 keys are not kept, and the one that was not used the longest goes first', async () => {
  const [one, two] = [await bases.offer(baseOf(20_000), undefined), await bases.offer(baseOf(20_000), undefined)];
  bases.find(one.id);
  const three = await bases.offer(baseOf(20_000), undefined);
  expect([one, two, three].map(({ id }) => bases.find(id) !== undefined)).toEqual([true, false, true]);
  const large = await bases.offer(baseOf(50_001), undefined);
  expect([one, three, large].map(({ id }) => bases.find(id) !== undefined)).toEqual([true, true, false]);
});
