/**
 * The private directory of one editor. Only its user can enter it, and only its user or root can replace it. It is in memory if there
 * is a file system for that: $XDG_RUNTIME_DIR, /dev/shm.
 */
import { lstatSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, type Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EtcdError } from '../client/index.js';
import { log } from './log.js';

/** The part before the dash that mkdtemp() needs says whose it is: the editor's pid and the namespace of that pid. */
const NAME = /^etcd\.vim-(\d+)-(\d+)-[^-]+$/;

/**
 * @param owner `pid-namespace` of the editor
 * @param before the directory that an earlier process of ours made for the same editor; kept if it is still private
 * @throws EtcdError internal if there is no safe place for one
 */
export function openDirectory(owner: string, before?: string): string {
  const refused: string[] = [];
  if (before !== undefined) {
    const why = whyUnsafe(before);
    if (why === undefined && isPrivate(lstatSync(before))) return realpathSync(before);
    log(`${before} is not used again: ${why ?? 'others can enter it'}`);
  }
  for (const parent of parents()) {
    const why = whyUnsafe(parent);
    if (why === undefined) {
      try {
        return mkdtempSync(join(realpathSync(parent), `etcd.vim-${owner}-`));
      } catch (cause) {
        refused.push(`${parent} (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`);
      }
    } else refused.push(why);
  }
  throw new EtcdError('internal', `no place is safe for values on their way: ${refused.join(', ')}`, {
    hint: 'set $XDG_RUNTIME_DIR to a directory that only you can write to',
  });
}

/** A directory, and no symbolic link, that belongs to this user and that nobody else can enter. */
export function isPrivate(stat: Stats): boolean {
  return stat.isDirectory() && isOurs(stat) && (process.getuid === undefined || (stat.mode & 0o077) === 0);
}

/**
 * Removes the directories of dead editors, one in each turn of the event loop. An editor is dead if its pid is free. In another
 * namespace of pids (a container that shares /dev/shm) nobody here can tell, so its directory stays.
 */
export async function removeOrphans(): Promise<void> {
  const space = namespace();
  for (const parent of parents().filter((dir) => whyUnsafe(dir) === undefined)) {
    for (const name of readdirSync(parent)) {
      const [, pid, of] = NAME.exec(name) ?? [];
      if (pid === undefined || of !== space || !isFree(Number(pid))) continue;
      const dir = join(parent, name);
      if (!isPrivate(lstatSync(dir))) continue;
      rmSync(dir, { recursive: true, force: true });
      log(`removed ${dir}: the editor that it was of is dead`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function parents(): string[] {
  return [...new Set([process.env['XDG_RUNTIME_DIR'] ?? '', '/dev/shm', tmpdir()])].filter((dir) => dir.startsWith('/'));
}

const isOurs = ({ uid }: Stats): boolean => process.getuid === undefined || uid === process.getuid();

/**
 * Why somebody else could replace this directory, or what is in it. All directories above it must belong to us or to root. If others
 * may write to one, it must keep them from files that are not theirs (the sticky bit).
 * @returns undefined if nobody could
 */
function whyUnsafe(dir: string): string | undefined {
  try {
    // Whoever owns the root directory is root, whatever their number in this namespace of users.
    const root = lstatSync('/').uid;
    for (let at = realpathSync(dir); ; at = dirname(at)) {
      const stat = lstatSync(at);
      if (!stat.isDirectory()) return `${at} is no directory`;
      if (process.getuid === undefined) return undefined;
      if (!isOurs(stat) && stat.uid !== 0 && stat.uid !== root) return `${at} belongs to another user`;
      if ((stat.mode & 0o022) !== 0 && (stat.mode & 0o1000) === 0) return `${at} can be changed by others`;
      if (at === dirname(at)) return undefined;
    }
  } catch (cause) {
    return `${dir} (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`;
  }
}

/** The namespace of our own pid: its number on Linux, 0 if there are none; undefined if it cannot be known. */
function namespace(): string | undefined {
  if (process.platform !== 'linux') return '0';
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0];
  } catch {
    return undefined;
  }
}

/**
 * It also counts as free if the process is dead and its parent has not noticed. Then it is still in the table of processes (on Linux as
 * "Z").
 */
function isFree(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'ESRCH';
  }
  try {
    return /^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
