/** The host process, started as the plugin starts it, with an etcd to speak to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startEtcd } from '../harness/etcd.js';
import { written } from '../harness/settings.js';

const main = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));

it("compiles undici's parser once, not twice", async () => {
  const etcd = await startEtcd();
  const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-host-'));
  const host = spawn(process.execPath, ['--trace-wasm-compilation-times', main], { stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    const said: string[] = [];
    const answered = new Promise<string>((resolve) => {
      createInterface(host.stdout).on('line', (line) => {
        said.push(line);
        if (line.startsWith('[3,')) resolve(line);
      });
    });
    const requests = [
      ['hello', { protocol: 1, dir }],
      ['configure', written({ '': { endpoints: [etcd.endpoint] } })],
      ['open', { name: 'etcd:/x' }],
    ];
    for (const [i, request] of requests.entries()) host.stdin.write(`${JSON.stringify([i + 1, ...request, 5000])}\n`);
    expect(await answered).toContain('"ok"');
    // A compilation that has begun is finished, and told, before the process ends.
    host.stdin.end();
    await once(host, 'close');
    expect(said.join('\n')).toMatch(/^Compiled function .* using Liftoff/m);
    expect(said.filter((line) => line.includes('TurboFan'))).toEqual([]);
  } finally {
    host.kill();
    rmSync(dir, { recursive: true, force: true });
    await etcd.stop();
  }
});

it.skipIf(process.platform === 'win32')('says that a value has no room, and leaves nothing of it', async () => {
  const etcd = await startEtcd();
  await etcd.put('/large', 'x'.repeat(1_000_000));
  const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-host-'));
  // No file may be longer than 64 blocks: like a full file system.
  const host = spawn('/bin/sh', ['-c', 'ulimit -f 64 && exec "$0" "$1"', process.execPath, main], { stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    const answer = new Promise<string>((resolve) => {
      createInterface(host.stdout).on('line', (line) => line.startsWith('[3,') && resolve(line));
    });
    const requests = [
      ['hello', { protocol: 1, dir }],
      ['configure', written({ '': { endpoints: [etcd.endpoint] } })],
      ['open', { name: 'etcd:/large' }],
    ];
    for (const [i, request] of requests.entries()) host.stdin.write(`${JSON.stringify([i + 1, ...request, 5000])}\n`);
    expect(await answer).toContain(`cannot read etcd:/large: ${dir} does not take it (EFBIG)`);
    expect(readdirSync(dir)).toEqual([]);
  } finally {
    host.stdin.end();
    await once(host, 'close');
    expect(existsSync(dir)).toBe(false);
    await etcd.stop();
  }
});

it('says what to do if another version was installed while it ran', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-host-'));
  cpSync(dirname(main), join(dir, 'dist'), { recursive: true });
  for (const name of readdirSync(join(dir, 'dist'))) if (name.startsWith('late-')) rmSync(join(dir, 'dist', name));
  const host = spawn(process.execPath, [join(dir, 'dist/main.cjs')], { stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    const answer = new Promise<string>((resolve) => {
      createInterface(host.stdout).on('line', (line) => line.startsWith('[1,') && resolve(line));
    });
    host.stdin.write(`${JSON.stringify([1, 'log', {}])}\n`);
    expect(await answer).toContain('etcd: cannot begin: a part of the plugin is not there any more; restart the editor');
  } finally {
    host.kill();
    rmSync(dir, { recursive: true, force: true });
  }
});
