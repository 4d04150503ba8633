/** One shape in an etcd of its own, listed by every subject in turns, each in a process of its own. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { childOf } from '../../src/keyspace/listing/names.js';
import { startEtcd, type TestEtcd } from '../../test/harness/etcd.js';
import type { Shape } from '../../test/harness/listing/shapes.js';
import { putAll } from '../../test/harness/load.js';
import { median } from '../samples.js';
import type { Taken } from './child.js';
import type { Means, Place, SubjectName } from './subjects.js';

/** Medians of the listings, and the most memory of the process. */
export interface Cell extends Taken {
  children: number;
}

export interface Row {
  shape: string;
  keys: number;
  children: number;
  cells: Partial<Record<SubjectName, Cell>>;
}

/** How often each lists, besides the first time, which does not count. The slow ones need fewer. */
const ROUNDS: Record<SubjectName, number> = { floor: 6, ours: 6, again: 5, full: 2, etcd3: 1, etcdctl: 1 };

/** @param scale 1 is the full size */
export async function measure(shape: Shape, scale: number, means: Means): Promise<Row> {
  return withShape(shape, scale, async (etcd, keys) => {
    const children = new Set(keys.map((key) => childOf(shape.prefix, key))).size;
    const cells = await takeTurns({ ...means, endpoint: etcd.endpoint, prefix: shape.prefix, children });
    return { shape: shape.name, keys: keys.length, children, cells };
  });
}

/** Runs the body with an etcd that holds the keys of a shape. */
export async function withShape<T>(shape: Shape, scale: number, body: (etcd: TestEtcd, keys: string[]) => Promise<T>): Promise<T> {
  const etcd = await startEtcd(undefined, [], true);
  const keys = shape.keys(scale);
  return putAll(etcd, keys, 'x')
    .then(() => body(etcd, keys))
    .finally(etcd.stop);
}

async function takeTurns(place: Place): Promise<Row['cells']> {
  const names = (Object.keys(ROUNDS) as SubjectName[]).filter((name) => name !== 'etcdctl' || place.etcdctl !== undefined);
  const subjects = await Promise.all(names.map(async (name) => ({ name, child: await open(name, place), taken: [] as Taken[] })));
  for (let round = 0; round < Math.max(...Object.values(ROUNDS)); round++) {
    for (const { name, child, taken } of subjects) {
      if (round < ROUNDS[name] && taken[0]?.error === undefined) taken.push(await list(child));
    }
  }
  for (const { child } of subjects) child.send('end');
  return Object.fromEntries(subjects.map(({ name, taken }) => [name, cellOf(taken, place.children)]));
}

/** A process for this subject, connected. */
export async function open(name: SubjectName, place: Place): Promise<ChildProcess> {
  const child = fork(place.program, [JSON.stringify([name, place])], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(child, 'message');
  return child;
}

/** One listing by that process. */
export async function list(child: ChildProcess): Promise<Taken> {
  child.send('list');
  const [taken] = (await once(child, 'message')) as [Taken];
  return taken;
}

function cellOf(taken: readonly Taken[], children: number): Cell {
  const warm = taken.length > 1 ? taken.slice(1) : taken;
  const wrong = warm.find((one) => one.error ?? one.children !== children);
  const of = (pick: (one: Taken) => number): number => median(warm.map(pick));
  return {
    ...{ children, wall: of(({ wall }) => wall), requests: of(({ requests }) => requests), bytes: of(({ bytes }) => bytes) },
    rss: Math.max(...taken.map(({ rss }) => rss)),
    ...(wrong && { error: wrong.error ?? `found ${wrong.children} of ${children} children` }),
  };
}
