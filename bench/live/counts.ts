/** What a process and its children have used, from proc(5). */
import { readdirSync, readFileSync } from 'node:fs';

export interface Used {
  /** ms, in steps of 10. */
  cpu: number;
  /** How often one of their threads was put on a core. */
  wakeups: number;
}

const TICK = 10;

/** @returns the process and its children, which are the editor and Node */
export function familyOf(pid: number): number[] {
  const parentOf = (child: number): number => Number(/^\d+ \(.*\) \S (\d+)/s.exec(read(`/proc/${child}/stat`))?.[1]);
  const all = readdirSync('/proc').map(Number);
  return [pid, ...all.filter((other) => other > 0 && parentOf(other) === pid)];
}

/** What they have used up to now. */
export function usedBy(pids: readonly number[]): Used {
  const used = { cpu: 0, wakeups: 0 };
  for (const pid of pids) {
    const fields = read(`/proc/${pid}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ');
    used.cpu += (Number(fields[11]) + Number(fields[12])) * TICK;
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const status = read(`/proc/${pid}/task/${thread}/status`);
      for (const [, count] of status.matchAll(/^(?:non)?voluntary_ctxt_switches:\s*(\d+)/gm)) used.wakeups += Number(count);
    }
  }
  return used;
}

/** '' if the process has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
