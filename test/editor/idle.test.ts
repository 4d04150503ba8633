/** Nothing runs if nothing is done: no timers, no polling. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inEveryEditor } from './editors.js';

/** ms in which the CPU is measured. Polling ten times a second would show. */
const SPELL = 5000;

/** Clock ticks (10 ms) that a process has used, proc(5), fields utime and stime. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => {
      try {
        return (
          readFileSync(`/proc/${child}/stat`, 'utf8')
            .replace(/^.*\) /, '')
            .split(' ')[1] === String(pid)
        );
      } catch {
        return false;
      }
    });
}

inEveryEditor(
  'idle',
  (etcd) => etcd.put('/i/a', 'a').then(() => undefined),
  ({ open }) => {
    it('an editor with three buffers of ours, and its Node, use no CPU', async () => {
      const editor = await open();
      for (const address of ['etcd:/i/', 'etcd:/i/a', 'etcd:/i/new']) await editor.ex(`split ${address}`);
      await pause(1000);
      const processes = [editor.pid, ...childrenOf(editor.pid)];
      expect(processes).toHaveLength(2);
      // One tick may come from what went before, or from the machine. Polling would show in every spell.
      let least = Infinity;
      for (let spell = 0; spell < 3 && least > 1; spell++) {
        const before = processes.map(ticks);
        await pause(SPELL);
        least = Math.min(least, Math.max(...processes.map((pid, at) => ticks(pid) - (before[at] as number))));
      }
      expect(least).toBeLessThanOrEqual(1);
    });
  },
);
