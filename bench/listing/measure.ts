/** One shape in an etcd of its own, listed by every subject in turns. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median } from '../numbers.mjs';
import { startThrowaway } from '../../tools/throwaway.mjs';
import { childOf } from '../../src/keyspace/listing/names.js';
import type { Taken } from './child.js';
import { load } from './load.js';
import type { Shape } from './shapes.js';
import type { Place, SubjectName } from './subjects.js';

export interface Tools {
  etcd: string;
  etcdctl: string;
  etcd3: string;
}

export interface Cell {
  wall: number;
  walls: number[];
  requests: number;
  bytes: number;
  rss: number;
  error?: string;
}

export interface Row {
  shape: string;
  about: string;
  keys: number;
  children: number;
  cells: Partial<Record<SubjectName, Cell>>;
}

/** How often each lists; the first time does not count. The slow ones need fewer. */
const ROUNDS: Record<SubjectName, number> = { floor: 6, ours: 6, hints: 5, full: 2, etcd3: 1, etcdctl: 1 };
const names = Object.keys(ROUNDS) as SubjectName[];
const childProgram = fileURLToPath(new URL('child.mjs', import.meta.url));

/** @param scale 1 is the full size */
export async function measure(shape: Shape, scale: number, tools: Tools): Promise<Row> {
  const server = await startThrowaway(tools.etcd);
  try {
    const keys = shape.keys(scale);
    const children = new Set(keys.map((key) => childOf(shape.prefix, key))).size;
    await load(`http://${server.endpoint}`, keys);
    const place = { ...tools, endpoint: server.endpoint, prefix: shape.prefix, children };
    return { shape: shape.name, about: shape.about, keys: keys.length, children, cells: await takeTurns(place) };
  } finally {
    await server.stop();
  }
}

async function takeTurns(place: Place): Promise<Row['cells']> {
  const children = await Promise.all(names.map((name) => open(name, place)));
  const taken = names.map((): Taken[] => []);
  for (let round = 0; round < Math.max(...Object.values(ROUNDS)); round++) {
    for (const [i, name] of names.entries()) {
      const skipped = round >= ROUNDS[name] || taken[i]?.[0]?.error !== undefined;
      if (!skipped) taken[i]?.push(await list(children[i] as ChildProcess));
    }
  }
  for (const child of children) child.send('end');
  return Object.fromEntries(names.map((name, i) => [name, cellOf(taken[i] as Taken[], place.children)]));
}

/** A process for this subject, connected. */
export async function open(name: SubjectName, place: Place): Promise<ChildProcess> {
  const child = fork(childProgram, [JSON.stringify([name, place])], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(child, 'message');
  return child;
}

/** One listing by that process. */
export async function list(child: ChildProcess): Promise<Taken> {
  child.send('list');
  const [taken] = (await once(child, 'message')) as [Taken];
  return taken;
}

function cellOf(taken: Taken[], children: number): Cell {
  const warm = taken.length > 1 ? taken.slice(1) : taken;
  const wrong = warm.find((one) => one.error ?? one.children !== children);
  const of = (pick: (one: Taken) => number): number => median(warm.map(pick));
  return {
    wall: of((one) => one.wall),
    walls: warm.map((one) => one.wall),
    requests: of((one) => one.requests),
    bytes: of((one) => one.bytes),
    rss: Math.max(...taken.map((one) => one.rss)),
    ...(wrong && { error: wrong.error ?? `found ${wrong.children} of ${children} children` }),
  };
}
