/** What a listing does to the cluster's writers: the latency of puts beside listings that follow one another. */
import { Pool } from 'undici';
import { quantile } from '../numbers.mjs';
import { startThrowaway } from '../../tools/throwaway.mjs';
import { load } from './load.js';
import { list, open, type Tools } from './measure.js';
import { shapes, type Shape } from './shapes.js';
import type { SubjectName } from './subjects.js';

export interface PutLatency {
  beside: string;
  /** How many followed one another meanwhile. */
  listings: number;
  puts: number;
  /** ms */
  p50: number;
  p95: number;
  max: number;
}

/** ms */
const DURATION = 12_000;

/** Puts beside nothing, our listing and FULL of the same million keys. */
export async function measurePuts(scale: number, tools: Tools): Promise<PutLatency[]> {
  const shape = shapes.find(({ name }) => name === 'A') as Shape;
  const server = await startThrowaway(tools.etcd);
  try {
    await load(`http://${server.endpoint}`, shape.keys(scale));
    const place = { ...tools, endpoint: server.endpoint, prefix: shape.prefix, children: 10 };
    const rows: PutLatency[] = [];
    for (const beside of [undefined, 'ours', 'full'] as const) rows.push(await putBeside(beside, place));
    return rows;
  } finally {
    await server.stop();
  }
}

async function putBeside(beside: SubjectName | undefined, place: Parameters<typeof open>[1]): Promise<PutLatency> {
  const end = performance.now() + DURATION;
  const child = beside && (await open(beside, place));
  const listing = (async () => {
    let listings = 0;
    for (; child && performance.now() < end; listings++) await list(child);
    return listings;
  })();
  const taken = await putUntil(end, place.endpoint);
  const listings = await listing;
  child?.send('end');
  return {
    beside: beside ?? 'nothing',
    listings,
    puts: taken.length,
    p50: quantile(taken, 0.5),
    p95: quantile(taken, 0.95),
    max: Math.max(...taken),
  };
}

async function putUntil(end: number, endpoint: string): Promise<number[]> {
  const pool = new Pool(`http://${endpoint}`, { connections: 1 });
  const taken: number[] = [];
  while (performance.now() < end) {
    const began = performance.now();
    const body = JSON.stringify({ key: Buffer.from(`/puts/${taken.length % 100}`).toString('base64'), value: 'eA==' });
    await (await pool.request({ path: '/v3/kv/put', method: 'POST', body })).body.text();
    taken.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await pool.close();
  return taken;
}
