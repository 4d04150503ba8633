import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { bundle } from '../../../tools/typescript.mjs';

/** A dead process stays until it is reaped, as `Z`, but its command line is gone at once. */
function runs(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/cmdline`, 'latin1') !== '';
}

it('ends what a program has started, and removes its folder, when the program is killed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-guard-'));
  const program = `
    import { spawn } from 'node:child_process';
    import { startGuard } from ${JSON.stringify(await bundle('test/harness/guard.ts'))};
    const guard = startGuard(${JSON.stringify(dir)});
    const child = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
    guard.watch([1e9, child.pid]);
    guard.watch([child.pid]);
    console.log(child.pid);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(String(said));
  expect(runs(pid)).toBe(true);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect([existsSync(dir), runs(pid)]).toEqual([false, false]), { timeout: 10_000 });
});
