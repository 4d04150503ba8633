/** Bodies: values and listings that cross between Node and the editor. For that moment each lies in a private file. */
import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EtcdError } from '../client/index.js';
import { isPrivate, openDirectory } from './directory.js';
import { log } from './log.js';

/** A file that is being written. */
export interface Body {
  write(part: string): void;
  /** It is complete. `plain`: any editor shows it without loss, as in ShownValue. */
  end(): { file: string; bytes: number; plain: boolean };
  /** It will not be completed. */
  drop(): void;
}

export interface Bodies {
  /** The private directory. */
  readonly dir: string;
  /** @returns the file's name; the editor removes it */
  offer(bytes: Buffer | string): string;
  /** The same for a body that is made part by part. Between two parts other work has its turn. */
  offerParts(parts: Iterable<string>): Promise<string>;
  /** The same for a body that comes part by part. */
  begin(): Body;
  /** Removes a body that was offered, because nobody takes it. */
  withdraw(file: string): void;
  /** The bytes of a file that the editor wrote into the directory. */
  take(file: string): Buffer;
  /**
   * Creates empty files and directories named `stem + name`, in a directory of their own.
   * @returns that directory, or undefined if files cannot have such names
   */
  shadow(stem: string, names: readonly string[]): string | undefined;
  remove(): void;
}

/**
 * Each use checks that the directory is still the one that was opened.
 * @param owner, before as openDirectory() takes them
 */
export function openBodies(owner: string, before?: string): Bodies {
  const home = openDirectory(owner, before);
  const { dev, ino } = lstatSync(home);
  // Nobody was told of what an earlier process offered.
  if (before !== undefined) for (const name of readdirSync(home)) if (/^[rs]\d+$/.test(name)) remove(join(home, name));
  let serial = 0;
  let shadows: string[] = [];

  function look(): void {
    const now = lstatSync(home, { throwIfNoEntry: false });
    if (now && now.dev === dev && now.ino === ino && isPrivate(now)) return;
    throw new EtcdError('internal', `the private directory ${home} is not there any more`, { hint: 'try again' });
  }

  function fresh(): string {
    look();
    return join(home, `r${++serial}`);
  }

  return {
    dir: home,
    offer(bytes) {
      const file = fresh();
      whole(file, () => writeFileSync(file, bytes, { mode: 0o600, flag: 'wx' }));
      return file;
    },
    async offerParts(parts) {
      const file = fresh();
      await writeParts(file, parts);
      return file;
    },
    begin: () => beginBody(fresh()),
    withdraw: remove,
    take(file) {
      look();
      if (dirname(file) !== home) throw new EtcdError('internal', 'that file is not in the private directory');
      return readPlain(file);
    },
    shadow(stem, names) {
      if (!canBeFiles(stem, names)) return undefined;
      look();
      const root = join(home, `s${++serial}`);
      try {
        layOut(root, stem, names);
      } catch (cause) {
        // The file system is full, or a path is too long, or `a` and `A` are the same file. Then completion works without files.
        remove(root);
        log(`no files for completion (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`);
        return undefined;
      }
      // Loaded when the first one is removed, because it takes Node a millisecond.
      const { rm } = process.getBuiltinModule('node:fs/promises');
      for (const old of shadows) void rm(old, { recursive: true, force: true });
      shadows = [root];
      return root;
    },
    remove: () => remove(home),
  };
}

function layOut(root: string, stem: string, names: readonly string[]): void {
  const level = `${root}/${stem}`;
  const parent = stem.endsWith('/') ? level : dirname(`${level}x`);
  const lead = stem.endsWith('/') ? '' : stem;
  mkdirSync(root, { mode: 0o700 });
  mkdirSync(parent, { recursive: true });
  // A name can be a key and a prefix, but not a file and a directory. The directory leads on to both.
  const both = new Set(names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1)));
  for (const name of names) {
    if (both.has(name)) continue;
    // Synchronous: a hundred empty files take 1 ms here, and 3 in the thread pool.
    if (name.endsWith('/')) mkdirSync(`${parent}/${lead}${name}`);
    else closeSync(openSync(`${parent}/${lead}${name}`, 'wx', 0o600));
  }
}

function beginBody(file: string): Body {
  const open = openSync(file, 'wx', 0o600);
  let [bytes, plain] = [0, true];
  return {
    write(part) {
      const chunk = Buffer.from(part, 'utf8');
      whole(file, () => writeFileSync(open, chunk));
      bytes += chunk.length;
      plain &&= !['\0', '\u001a', '\ufeff'].some((odd) => part.includes(odd));
    },
    end() {
      closeSync(open);
      return { file, bytes, plain };
    },
    drop() {
      closeSync(open);
      remove(file);
    },
  };
}

async function writeParts(file: string, parts: Iterable<string>): Promise<void> {
  const open = openSync(file, 'wx', 0o600);
  try {
    let count = 0;
    for (const part of parts) {
      if (++count > 1) await new Promise<void>((resolve) => setImmediate(resolve));
      whole(file, () => writeFileSync(open, part));
    }
  } catch (thrown) {
    remove(file);
    throw thrown;
  } finally {
    closeSync(open);
  }
}

/** A pipe must not hold us up, and a link must not lead elsewhere. */
function readPlain(file: string): Buffer {
  const open = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(open).isFile()) throw new EtcdError('internal', 'that is not a file');
    return readFileSync(open);
  } finally {
    closeSync(open);
  }
}

/** If `write` fails, the file is not complete, and is removed. */
function whole(file: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    remove(file);
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    const hint = 'make room there, or set $XDG_RUNTIME_DIR to a directory where there is some';
    throw new EtcdError('internal', `${dirname(file)} does not take it (${code})`, { cause, ...(code === 'ENOSPC' && { hint }) });
  }
}

function remove(entry: string): void {
  rmSync(entry, { recursive: true, force: true });
}

/** Whether native completion can offer the names. It hides names that begin with a dot, and knows no directory without a name. */
function canBeFiles(stem: string, names: readonly string[]): boolean {
  const fits = (name: string): boolean => !name.includes('\0') && Buffer.byteLength(name) <= 200;
  return stem.split('/').every((part) => part !== '..' && fits(part)) && names.every((name) => fits(name) && !/^\.|^\/$/.test(name));
}
