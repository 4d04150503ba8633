/** A process of its own for one change of a tree or one export, so that its memory is its own: once, and says what that took. */
import { openSync, writeSync } from 'node:fs';
import { createClient, type CallOptions } from '../../src/client/index.js';
import { showDocument } from '../../src/keyspace/documents/show.js';
import { applyPlan } from '../../src/keyspace/plan/apply.js';
import { removePlan } from '../../src/keyspace/plan/remove.js';
import { renamePlan } from '../../src/keyspace/plan/rename.js';
import { spanBelow } from '../../src/keyspace/subtree.js';
import type { Plan } from '../../src/keyspace/write/plan.js';

/** ms, `cpu` of this process without its start; `rss`, the most memory of it, in bytes; `parts`, the requests that changed something. */
export interface Taken {
  wall: number;
  cpu: number;
  rss: number;
  parts: number;
}

export type Way = 'remove' | 'bare remove' | 'rename' | 'bare rename' | 'export';

/** Operations that any server takes in one txn. */
const OPERATIONS = 128;

const [endpoint = '', way = '', prefix = '', other = ''] = process.argv.slice(2);
const client = createClient({ endpoints: [endpoint] });
const options: CallOptions = { budget: 120_000 };
const { start: key, end: rangeEnd } = spanBelow(prefix);
const from = [{ kind: 'prefix' as const, key: prefix }];

async function apply(plan: Plan): Promise<number> {
  const { done, why } = await applyPlan(client, plan, options);
  if (why) throw why;
  return done.length;
}

/** The same bytes without a plan: what is there, puts of it, and the delete; nothing is compared. */
async function renameBare(): Promise<number> {
  const { kvs } = await client.range({ key, rangeEnd }, options);
  for (let i = 0; i < kvs.length; i += OPERATIONS) {
    const some = kvs.slice(i, i + OPERATIONS);
    const then = some.map((kv) => ({ op: 'put' as const, key: other + kv.key.slice(prefix.length), value: kv.value }));
    await client.txn({ then }, options);
  }
  return Math.ceil(kvs.length / OPERATIONS) + (await removeBare());
}

async function removeBare(): Promise<number> {
  await client.txn({ then: [{ op: 'delete', key, rangeEnd }] }, options);
  return 1;
}

const ways: Record<Way, () => Promise<number>> = {
  remove: async () => apply(await removePlan(client, from, options)),
  'bare remove': removeBare,
  async rename() {
    const request = { from, to: { kind: 'prefix' as const, key: other }, copy: false, force: false };
    return apply((await renamePlan({ source: client, target: client }, request, options)).target);
  },
  'bare rename': renameBare,
  async export() {
    const file = openSync(other, 'w');
    await showDocument(client, { prefix, format: 'jsonl' }, (part) => void writeSync(file, part), options);
    return 0;
  },
};

const [began, usedBefore] = [performance.now(), process.cpuUsage()];
const parts = await ways[way as Way]();
const { user, system } = process.cpuUsage(usedBefore);
const rss = process.resourceUsage().maxRSS * 1024;
const taken: Taken = { wall: performance.now() - began, cpu: (user + system) / 1000, rss, parts };
process.stdout.write(JSON.stringify(taken));
process.exit(0);
