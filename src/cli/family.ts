/** A process, what it has started, and so on. On a terminal a command has no process group of its own that could be killed instead. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Member {
  pid: number;
  /** When it was started, by the system's clock. The number alone may belong to another process by now. */
  began: string;
}

interface Seen extends Member {
  parent: number;
  isDead: boolean;
}

/** @returns the process and its descendants; if the system has no /proc, only the process */
export function familyOf(pid: number): Member[] {
  const all = processes();
  const family = all.filter((one) => one.pid === pid);
  // Each one that is found is looked at in its turn.
  for (const { pid: parent } of family) family.push(...all.filter((one) => one.parent === parent));
  return family.length > 0 ? family : [{ pid, began: '' }];
}

/** Whether it still runs. A process that has ended, and whose parent has not noticed, does not run. */
export function isRunning({ pid, began }: Member): boolean {
  const now = look(pid);
  return now !== undefined && !now.isDead && now.began === began;
}

function processes(): Seen[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (look(Number(name)) ?? []) : []));
  } catch {
    return [];
  }
}

/** See proc_pid_stat(5). The name may hold anything, and ends with the last parenthesis. */
function look(pid: number): Seen | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(fields[1]), began: fields[19] ?? '', isDead: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return undefined;
  }
}
