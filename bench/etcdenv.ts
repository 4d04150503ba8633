/**
 * How long it takes until the first byte of a command that etcdenv has started, compared with `node -e 0`, with one request of a bare Node
 * program, and with the command alone.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startEtcd } from '../test/harness/etcd.js';

const ROUNDS = 20;
/** ms over `node -e 0`. */
const BUDGET = 25;
const ETCDENV = fileURLToPath(new URL('../bin/etcdenv', import.meta.url));

/** ms until it has printed something, or has ended if it prints nothing. */
async function timeOf(command: string, args: string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), ended]);
  const took = performance.now() - began;
  await ended;
  return took;
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;
}

const etcd = await startEtcd();
try {
  for (let i = 0; i < 20; i++) await etcd.put(`/app/name${i}`, `value ${i}`);
  const bare = `require('node:http').request('http://${etcd.endpoint}/v3/kv/range', { method: 'POST' }, (answer) => answer.on('data', () => {
    console.log('x'); process.exit(); })).end(JSON.stringify({ key: 'L2FwcC8=', range_end: 'L2FwcDA=' }))`;
  const subjects: Record<string, [string, string[]]> = {
    'node -e 0': [process.execPath, ['-e', '0']],
    'node, one bare request': [process.execPath, ['-e', bare]],
    'sh -c "echo x"': ['sh', ['-c', 'echo x']],
    'etcdenv -key=/app/ echo x': [ETCDENV, ['-host', etcd.endpoint, '-key=/app/', 'echo', 'x']],
  };
  const times = Object.fromEntries(Object.keys(subjects).map((name) => [name, [] as number[]]));
  // In turn, so that a busy moment hits all of them.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, [command, args]] of Object.entries(subjects)) times[name]?.push(await timeOf(command, args));
  }
  const medians = Object.entries(times).map(([name, measured]) => ({ name, ms: median(measured) }));
  for (const { name, ms } of medians) process.stdout.write(`${ms.toFixed(1).padStart(7)} ms  ${name}\n`);
  const over = (medians.at(-1)?.ms ?? 0) - (medians[0]?.ms ?? 0);
  process.stdout.write(`${over.toFixed(1).padStart(7)} ms  over node -e 0; the budget is ${BUDGET}\n`);
} finally {
  await etcd.stop();
}
