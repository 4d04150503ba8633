/** A plan in steps. The Node process that does it is killed between any two of them, or in the middle of one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startEtcd } from '../harness/etcd.js';
import { startRelay, type Relay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { row } from './ledger.js';
import { FEW, inspect, LARGE, plant } from './tree.js';
import { bounds } from './trials.js';
import { written } from '../harness/settings.js';

const main = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));

/** Mutant: inOrder() of src/keyspace/plan/order.ts with its deletes before its puts. */
it.each(tools.etcds)('plan-killed ($name): every value is in its old place or in its new one', bounds, async ({ name, command }) => {
  const etcd = await startEtcd(command, FEW);
  const relay = await startRelay(etcd.endpoint);
  await row('plan-killed', name, async (ledger) => {
    await plant(etcd, '/counted/', LARGE);
    const { txns } = await moveAndKill(relay, '/counted/', Infinity);
    expect(txns, 'txns of a plan').toBeGreaterThan(3);
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const tree = await plant(etcd, `/killed/${trial}/`, LARGE);
      const { said } = await moveAndKill(relay, tree.root, (trial + Math.floor(txns / 2)) % txns, txns - 1);
      if (said === undefined) ledger.hit();
      await inspect(ledger, tree, etcd);
      ledger.tried();
    }
  }).finally(async () => {
    relay.close();
    await etcd.stop();
  });
});

/**
 * Moves `from/` to `to/`, and kills the host at the txn number `at` of the plan: before it is passed on, or a little after that. It is
 * never killed after the number `last`, because the answer could come first.
 * @returns what the host has said of the plan, undefined if it was killed before that; and how many txns it had sent
 */
async function moveAndKill(relay: Relay, root: string, at: number, last = at): Promise<{ said: string | undefined; txns: number }> {
  const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-killed-'));
  const host = spawn(process.execPath, [main], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(host, 'close');
  const lines = createInterface(host.stdout);
  let said: string | undefined;
  const ask = (id: number, method: string, params: object): void =>
    void host.stdin.write(`${JSON.stringify([id, method, params, 8000])}\n`);
  let seen = 0;
  const passes = (piece: Buffer): void => {
    if (!piece.includes('/v3/kv/txn') || seen++ < at) return;
    relay.onRequest = undefined;
    if (at === last || Math.random() < 0.5) host.kill('SIGKILL');
    else setTimeout(() => host.kill('SIGKILL'), Math.random() * 2);
  };
  lines.on('line', (line) => {
    const [id, reply] = JSON.parse(line) as [number, { ok?: { plan: number } }];
    if (id === 3) {
      // The requests that made the plan were txns, too.
      relay.onRequest = passes;
      ask(4, 'apply', { plan: reply.ok?.plan });
    }
    if (id !== 4) return;
    said = line;
    host.kill('SIGKILL');
  });
  host.stdin.on('error', () => undefined);
  ask(1, 'hello', { protocol: 1, dir });
  ask(2, 'configure', written({ '': { endpoints: [relay.endpoint] } }));
  ask(3, 'rename', { names: [{ name: `etcd://${root}from/` }], to: `etcd://${root}to/` });
  await ended;
  rmSync(dir, { recursive: true, force: true });
  return { said, txns: seen };
}
