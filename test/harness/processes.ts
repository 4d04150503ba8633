/** The plugin's Node processes, found as an administrator would find them: in /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** The pid of the host process that this editor has started; undefined if none runs. */
export function hostOf(editor: number): number | undefined {
  return hosts().find((pid) => parentOf(pid) === editor);
}

/** Every host process whose $XDG_RUNTIME_DIR is the parent of this private directory: the hosts of one editor of a test. */
export function hostsIn(home: string): number[] {
  return hosts().filter((pid) => read(pid, 'environ').includes(`HOME=${home}\0`));
}

/** The most memory that a process ever had, in bytes. */
export function peakMemory(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(read(pid, 'status'))?.[1] ?? NaN) * 1024;
}

/** Kills at once. Returns false if it has already gone. */
export function killNow(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

function hosts(): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => read(pid, 'cmdline').includes('dist/main.cjs'));
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1]);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    // It has gone, or belongs to another user.
    return '';
  }
}
