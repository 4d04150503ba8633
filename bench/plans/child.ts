/** A process for one change of a tree or one export, so that its memory is its own. It works once, and says what that took. */
import { createWriteStream, openSync, writeSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { request } from 'undici';
import { createClient, openClient, prefixEnd, type CallOptions, type Operation, type Transport } from '../../src/client/index.js';
import { overUndici } from '../../src/client/transport/undici.js';
import { showDocument } from '../../src/keyspace/documents/show.js';
import { applyPlan } from '../../src/keyspace/plan/apply.js';
import { removePlan } from '../../src/keyspace/plan/remove.js';
import { renamePlan } from '../../src/keyspace/plan/rename.js';
import { readSubtree, spanBelow } from '../../src/keyspace/subtree.js';
import type { Plan } from '../../src/keyspace/write/plan.js';

/**
 * In ms; `cpu` is that of this process without its start. `rss`: the most memory that it had, in bytes. `parts`: the requests that changed
 * something.
 */
export interface Taken {
  wall: number;
  cpu: number;
  rss: number;
  parts: number;
}

export type Way = 'remove' | 'bare remove' | 'rename' | 'bare rename' | 'one txn' | 'copy' | 'export' | 'bare export';

/** Operations that any server takes in one txn. */
const OPERATIONS = 128;

const [endpoint = '', way = '', prefix = '', other = '', elsewhere = ''] = process.argv.slice(2);
const client = createClient({ endpoints: [endpoint] });
const options: CallOptions = { budget: 120_000 };
const { start: key, end: rangeEnd } = spanBelow(prefix);
const from = [{ kind: 'prefix' as const, key: prefix }];
// Like a host that has just listed the prefix.
await client.range({ key, rangeEnd, limit: 1 }, options);
let began: number;

async function apply(plan: Plan, to = client): Promise<number> {
  const { done, why } = await applyPlan(to, plan, options);
  if (why) throw why;
  return done.length;
}

async function readPuts(): Promise<Operation[]> {
  const puts: Operation[] = [];
  // A single answer with all of it may be more than the client takes.
  for await (const { kvs } of readSubtree(client, spanBelow(prefix), options)) {
    for (const { key, value } of kvs) puts.push({ op: 'put', key: other + key.slice(prefix.length), value });
  }
  return puts;
}

function inParts(puts: readonly Operation[]): Operation[][] {
  return Array.from({ length: Math.ceil(puts.length / OPERATIONS) }, (_, i) => puts.slice(i * OPERATIONS, (i + 1) * OPERATIONS));
}

/** The same bytes without a plan: reads what is there, puts it, and deletes it. Nothing is compared. */
async function renameBare(): Promise<number> {
  const parts = inParts(await readPuts());
  for (const then of parts) await client.txn({ then }, options);
  return parts.length + (await removeBare());
}

/** Exactly the request of the rename, and nothing else. It is made before the clock starts, and sent without the client. */
async function oneTxn(): Promise<number> {
  const bodies: string[] = [];
  const recording: Transport = (origin, settings) => {
    const wire = overUndici(origin, settings);
    const post: typeof wire.post = (path, body, headers, signal) => {
      if (path !== '/v3/kv/txn') return wire.post(path, body, headers, signal);
      bodies.push(body);
      throw new Error('it is only recorded');
    };
    return { ...wire, post };
  };
  const { target } = await planOf(prefix, other, false);
  await applyPlan(openClient({ endpoints: [endpoint] }, recording), target, { budget: 1000 }).catch(() => undefined);
  const [body] = bodies as [string];
  began = performance.now();
  const answer = await request(`http://${endpoint}/v3/kv/txn`, { method: 'POST', body });
  const { succeeded } = (await answer.body.json()) as { succeeded?: boolean };
  if (succeeded !== true) throw new Error('the request of the rename was not carried out');
  return 1;
}

async function removeBare(): Promise<number> {
  await client.txn({ then: [{ op: 'delete', key, rangeEnd }] }, options);
  return 1;
}

/** Renames other keys, there and back. So we measure a host in use, and not how V8 compiles it. */
async function warmUp(): Promise<void> {
  const [here, there] = ['/warm/', '/warmer/'];
  const puts = Array.from({ length: 1000 }, (_, i): Operation => ({ op: 'put', key: `${here}${i}`, value: Buffer.alloc(100, 'x') }));
  for (const then of inParts(puts)) await client.txn({ then }, options);
  for (let round = 0; round < 10; round++) {
    const [prefix, other] = round % 2 === 0 ? [here, there] : [there, here];
    await apply((await planOf(prefix, other, false)).target);
  }
  await client.txn({ then: [{ op: 'delete', key: here, rangeEnd: prefixEnd(here) }] }, options);
}

async function planOf(prefix: string, other: string, copy: boolean, target = client): ReturnType<typeof renamePlan> {
  const from = [{ kind: 'prefix' as const, key: prefix }];
  return renamePlan({ source: client, target }, { from, to: { kind: 'prefix', key: other }, copy, force: false }, options);
}

async function rename(copy: boolean): Promise<number> {
  const target = elsewhere === '' ? client : createClient({ endpoints: [elsewhere] });
  return apply((await planOf(prefix, other, copy, target)).target, target);
}

/** All of it in one answer of etcd, into a file. */
async function exportBare(): Promise<number> {
  const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
  const body = JSON.stringify({ key: base64(key), range_end: base64(rangeEnd) });
  const answer = await request(`http://${endpoint}/v3/kv/range`, { method: 'POST', body, headersTimeout: options.budget });
  await pipeline(answer.body, createWriteStream(other));
  return 0;
}

const ways: Record<Way, () => Promise<number>> = {
  remove: async () => apply(await removePlan(client, from, options)),
  'bare remove': removeBare,
  rename: () => rename(false),
  'bare rename': renameBare,
  'one txn': oneTxn,
  copy: () => rename(true),
  async export() {
    const file = openSync(other, 'w');
    await showDocument(client, { prefix, format: 'jsonl' }, (part) => void writeSync(file, part), options);
    return 0;
  },
  'bare export': exportBare,
};

if (way === 'rename' || way === 'one txn') await warmUp();
began = performance.now();
const usedBefore = process.cpuUsage();
const parts = await ways[way as Way]();
const { user, system } = process.cpuUsage(usedBefore);
const rss = process.resourceUsage().maxRSS * 1024;
const taken: Taken = { wall: performance.now() - began, cpu: (user + system) / 1000, rss, parts };
process.stdout.write(JSON.stringify(taken));
process.exit(0);
