/** A process of its own for one change of a tree or one export, so that its memory is its own: once, and says what that took. */
import { createWriteStream, openSync, writeSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { request } from 'undici';
import { createClient, type CallOptions, type Operation } from '../../src/client/index.js';
import { showDocument } from '../../src/keyspace/documents/show.js';
import { applyPlan } from '../../src/keyspace/plan/apply.js';
import { removePlan } from '../../src/keyspace/plan/remove.js';
import { renamePlan } from '../../src/keyspace/plan/rename.js';
import { readSubtree, spanBelow } from '../../src/keyspace/subtree.js';
import type { Plan } from '../../src/keyspace/write/plan.js';

/** ms, `cpu` of this process without its start; `rss`, the most memory of it, in bytes; `parts`, the requests that changed something. */
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
// As in a host that has just listed the prefix.
await client.range({ key, rangeEnd, limit: 1 }, options);
let began = performance.now();

async function apply(plan: Plan, to = client): Promise<number> {
  const { done, why } = await applyPlan(to, plan, options);
  if (why) throw why;
  return done.length;
}

async function readPuts(): Promise<Operation[]> {
  const puts: Operation[] = [];
  // One answer of all of it may be more than the client takes.
  for await (const { kvs } of readSubtree(client, spanBelow(prefix), options)) {
    for (const { key, value } of kvs) puts.push({ op: 'put', key: other + key.slice(prefix.length), value });
  }
  return puts;
}

function inParts(puts: readonly Operation[], size = OPERATIONS): Operation[][] {
  return Array.from({ length: Math.ceil(puts.length / size) }, (_, i) => puts.slice(i * size, (i + 1) * size));
}

/** The same bytes without a plan: what is there, puts of it, and the delete; nothing is compared. */
async function renameBare(): Promise<number> {
  const parts = inParts(await readPuts());
  for (const then of parts) await client.txn({ then }, options);
  return parts.length + (await removeBare());
}

/** Puts and a delete of which nothing is compared, in one txn. What it needs is known when the clock starts. */
async function oneTxn(): Promise<number> {
  // A nested txn has what its parent has left of the operations.
  const then = inParts(await readPuts(), OPERATIONS / 2).map((part): Operation => ({ op: 'txn', then: part }));
  began = performance.now();
  await client.txn({ then: [...then, { op: 'delete', key, rangeEnd }] }, options);
  return 1;
}

async function removeBare(): Promise<number> {
  await client.txn({ then: [{ op: 'delete', key, rangeEnd }] }, options);
  return 1;
}

async function rename(copy: boolean): Promise<number> {
  const target = elsewhere === '' ? client : createClient({ endpoints: [elsewhere] });
  const asked = { from, to: { kind: 'prefix' as const, key: other }, copy, force: false };
  return apply((await renamePlan({ source: client, target }, asked, options)).target, target);
}

/** What etcd makes of all of it in one answer, into a file. */
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

const usedBefore = process.cpuUsage();
const parts = await ways[way as Way]();
const { user, system } = process.cpuUsage(usedBefore);
const rss = process.resourceUsage().maxRSS * 1024;
const taken: Taken = { wall: performance.now() - began, cpu: (user + system) / 1000, rss, parts };
process.stdout.write(JSON.stringify(taken));
process.exit(0);
