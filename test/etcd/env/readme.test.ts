/** Every line of the first etcdenv's README, exactly as it is there, on real servers. */
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEtcd, type TestEtcd } from '../../harness/etcd.js';
import { ETCDENV, run } from '../../harness/etcdenv.js';
import { tools } from '../../harness/tools.js';

describe.each(tools.etcds)('the README ($name)', ({ command }) => {
  let server: TestEtcd;
  let bin: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    server = await startEtcd(command);
    for (const [key, value] of Object.entries({ '/app/db': 'production', '/app/cache': 'new cache', '/other/db': 'newdb', '/top': '1' }))
      await server.put(key, value);
    bin = mkdtempSync(join(tmpdir(), 'etcd-vim-env-'));
    symlinkSync(ETCDENV, join(bin, 'etcdenv'));
    // Its web.rb. Not every machine has a Ruby, so this stands in for it.
    writeFileSync(join(bin, 'ruby'), '#!/bin/sh\nexec sh "$@"\n');
    writeFileSync(join(bin, 'web.rb'), 'echo "$DB $CACHE $1|$2"\n');
    chmodSync(join(bin, 'ruby'), 0o755);
    env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, ETCDENV_HOST: `http://${server.endpoint}` };
  });
  afterAll(async () => {
    rmSync(bin, { recursive: true });
    await server.stop();
  });
  const line = async (text: string) => run('/bin/sh', ['-c', text], { env, cwd: bin });
  const script = (words: string): string => {
    const file = join(bin, 'script');
    writeFileSync(file, `#!${words}\necho "$DB" "$1|$2"\n`);
    chmodSync(file, 0o755);
    return file;
  };

  it.each([
    ['etcdenv -key=/app/', 'CACHE=new cache\nDB=production\n'],
    ['etcdenv -key=/app', 'CACHE=new cache\nDB=production\n'],
    ['etcdenv -key /app/ -host $ETCDENV_HOST', 'CACHE=new cache\nDB=production\n'],
    ['ETCDENV_KEY=/app/ etcdenv', 'CACHE=new cache\nDB=production\n'],
    ['etcdenv -key=/ -r', 'CACHE=new cache\nDB=production,newdb\nTOP=1\n'],
    ['etcdenv', 'TOP=1\n'],
    ['etcdenv -key=/app/ ruby web.rb', 'production new cache |\n'],
    ['etcdenv -key=/app/ ruby web.rb "b c" d', 'production new cache b c|d\n'],
  ])('%s', async (text, stdout) => {
    expect(await line(text)).toMatchObject({ code: 0, stdout: Buffer.from(stdout), stderr: '' });
  });

  it.each([`${ETCDENV} -s -key=/app/ sh`, `/usr/bin/env -S etcdenv -key=/app/ sh`])('#!%s', async (words) => {
    expect(await run(script(words), ['b c', 'd'], { env })).toMatchObject({ stdout: Buffer.from('production b c|d\n'), stderr: '' });
  });
});
