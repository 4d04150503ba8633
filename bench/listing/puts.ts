/**
 * What a listing does to the cluster's writers: the latency of puts during listings. Both come at a fixed rate, the same for every subject.
 * A put is late from the time at which it was due, so one that stalls does not hide the next ones.
 */
import { Pool } from 'undici';
import { shapes, type Shape } from '../../test/harness/listing/shapes.js';
import { quantile } from '../samples.js';
import { list, open, withShape } from './measure.js';
import type { Means, Place, SubjectName } from './subjects.js';

/** ms of the puts beside one subject. */
export interface PutLatency {
  beside: string;
  p50: number;
  p99: number;
  max: number;
  /** How much longer all puts together waited than half of them did, for each listing; 0 without listings. */
  excess: number;
}

/** ms from one put to the next, and from one listing to the next. The latter is longer than the slowest subject takes. */
const PUT_EVERY = 10;
const LIST_EVERY = 15_000;
const LISTINGS = 4;
/** The most puts that a stall holds up, each on a connection of its own. */
const CONNECTIONS = 256;

/** Puts without a listing, with ours, and with FULL, over the same million keys. */
export async function measurePuts(scale: number, means: Means): Promise<PutLatency[]> {
  const shape = shapes.find(({ name }) => name === 'A') as Shape;
  return withShape(shape, scale, async ({ endpoint }) => {
    const place = { ...means, endpoint, prefix: shape.prefix, children: 10 };
    const rows: PutLatency[] = [];
    for (const beside of [undefined, 'ours', 'full'] as const) rows.push(await putBeside(beside, place));
    return rows;
  });
}

async function putBeside(beside: SubjectName | undefined, place: Place): Promise<PutLatency> {
  const child = beside && (await open(beside, place));
  const began = performance.now();
  const [taken] = await Promise.all([putEvery(began, place.endpoint), child && atRate(began, LIST_EVERY, LISTINGS, () => list(child))]);
  child?.send('end');
  const p50 = quantile(taken, 0.5);
  const waited = taken.reduce((sum, ms) => sum + Math.max(0, ms - p50), 0);
  return {
    beside: beside ?? 'nothing',
    p50,
    p99: quantile(taken, 0.99),
    max: Math.max(...taken),
    excess: child ? waited / LISTINGS : 0,
  };
}

/** @returns ms that each put took from the time at which it was due */
async function putEvery(began: number, endpoint: string): Promise<number[]> {
  const pool = new Pool(`http://${endpoint}`, { connections: CONNECTIONS });
  const taken: Promise<number>[] = [];
  await atRate(began, PUT_EVERY, (LISTINGS * LIST_EVERY) / PUT_EVERY, (due) => {
    taken.push(put(pool, taken.length, due));
  });
  const all = await Promise.all(taken);
  await pool.close();
  return all;
}

async function put(pool: Pool, serial: number, due: number): Promise<number> {
  const body = JSON.stringify({ key: Buffer.from(`/puts/${serial % 100}`).toString('base64'), value: 'eA==' });
  await (await pool.request({ path: '/v3/kv/put', method: 'POST', body })).body.text();
  return performance.now() - due;
}

/** Begins one thing after the other when it is due, or as soon as the last one has ended. */
async function atRate(began: number, every: number, times: number, begin: (due: number) => unknown): Promise<void> {
  for (let i = 0; i < times; i++) {
    const due = began + i * every;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    await begin(due);
  }
}
