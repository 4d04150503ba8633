/** A process and what it has started, and that in turn. On a terminal a command has no process group that could be killed instead. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Member {
  pid: number;
  /** When it was started, in the system's words: the number alone may be another process's by now. */
  began: string;
}

interface Seen extends Member {
  parent: number;
  isDead: boolean;
}

/** @returns itself and its descendants; where the system does not tell of them in /proc, itself alone */
export function familyOf(pid: number): Member[] {
  const all = processes();
  const family = all.filter((one) => one.pid === pid);
  // Each that is found is looked at in its turn.
  for (const { pid: parent } of family) family.push(...all.filter((one) => one.parent === parent));
  return family.length > 0 ? family : [{ pid, began: '' }];
}

/** Whether it still runs: one that has ended, and that its parent has not asked about, does not. */
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

/** See proc_pid_stat(5). The name, which may hold anything, ends with the last parenthesis. */
function look(pid: number): Seen | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(fields[1]), began: fields[19] ?? '', isDead: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return undefined;
  }
}
