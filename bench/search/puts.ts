/** A process that puts at a fixed rate until its stdin ends. It says how long the puts took from the times at which they were due. */
import { Pool } from 'undici';
import { quantile } from '../samples.js';

/** ms */
export interface Puts {
  p99: number;
  max: number;
}

/** ms from one put to the next. A stall holds up at most so many, each on a connection of its own. */
const EVERY = 10;
const CONNECTIONS = 256;

const [endpoint = ''] = process.argv.slice(2);
const pool = new Pool(`http://${endpoint}`, { connections: CONNECTIONS });
const taken: Promise<number>[] = [];
const began = performance.now();
process.stdin.resume();

while (!process.stdin.readableEnded) {
  const due = began + taken.length * EVERY;
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  taken.push(put(taken.length, due));
  if (taken.length === 1) process.stdout.write('putting\n');
}
const all = await Promise.all(taken);
const puts: Puts = { p99: quantile(all, 0.99), max: Math.max(...all) };
process.stdout.write(JSON.stringify(puts));
process.exit(0);

async function put(serial: number, due: number): Promise<number> {
  const body = JSON.stringify({ key: Buffer.from(`/puts/${serial % 100}`).toString('base64'), value: 'eA==' });
  await (await pool.request({ path: '/v3/kv/put', method: 'POST', body })).body.text();
  return performance.now() - due;
}
