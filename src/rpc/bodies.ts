/** Bodies: values and listings lie in a private file for the moment in which they cross between Node and the editor. */
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EtcdError } from '../etcd/index.js';

export interface Bodies {
  /** @returns the file's name; the editor removes it */
  offer(bytes: Buffer | string): string;
  /** The same for what is made part by part: between two of them others have their turn. */
  offerParts(parts: Iterable<string>): Promise<string>;
  /** The bytes of a file that the editor wrote into the directory. */
  take(file: string): Buffer;
  /**
   * Empty files and directories named `stem + name`, in a directory of their own.
   * @returns that directory, or undefined where a name cannot be a file's name
   */
  shadow(stem: string, names: readonly string[]): string | undefined;
  remove(): void;
}

/** @param dir the editor's private directory */
export function openBodies(dir: string): Bodies {
  const { uid, mode } = statSync(dir);
  if ((process.getuid && uid !== process.getuid()) || (mode & 0o077) !== 0) {
    throw new EtcdError('internal', `${dir} is not private to this user`);
  }
  const home = realpathSync(dir);
  let serial = 0;
  let shadows: string[] = [];

  return {
    offer(bytes) {
      const file = join(home, `r${++serial}`);
      writeFileSync(file, bytes, { mode: 0o600, flag: 'wx' });
      return file;
    },
    async offerParts(parts) {
      const file = join(home, `r${++serial}`);
      const open = openSync(file, 'wx', 0o600);
      try {
        let count = 0;
        for (const part of parts) {
          if (++count > 1) await new Promise<void>((resolve) => setImmediate(resolve));
          writeFileSync(open, part);
        }
      } finally {
        closeSync(open);
      }
      return file;
    },
    take(file) {
      if (dirname(realpathSync(file)) !== home) throw new EtcdError('internal', 'that file is not in the private directory');
      return readFileSync(file);
    },
    shadow(stem, names) {
      const root = join(home, `s${++serial}`);
      const level = `${root}/${stem}`;
      if (!canBeFiles(stem, names)) return undefined;
      const parent = stem.endsWith('/') ? level : dirname(`${level}x`);
      const lead = stem.endsWith('/') ? '' : stem;
      mkdirSync(root, { mode: 0o700 });
      mkdirSync(parent, { recursive: true });
      // A name can be a key and a prefix, but not a file and a directory: the directory leads on to both.
      const both = new Set(names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1)));
      const done = layOut(
        names.filter((name) => !both.has(name)),
        `${parent}/${lead}`,
      );
      for (const old of shadows) void rm(old, { recursive: true, force: true });
      shadows = [root];
      return done ? root : undefined;
    },
    remove() {
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Whether each name is a file or a directory of its own: some file systems take `a` and `A` for one. */
function layOut(names: readonly string[], parent: string): boolean {
  try {
    for (const name of names) {
      // Not through the thread pool: a hundred empty files are 1 ms here and 3 there.
      if (name.endsWith('/')) mkdirSync(parent + name);
      else closeSync(openSync(parent + name, 'wx', 0o600));
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether native completion can offer the names: it hides what begins with a dot, and knows no directory without a name. */
function canBeFiles(stem: string, names: readonly string[]): boolean {
  const fits = (name: string): boolean => !name.includes('\0') && Buffer.byteLength(name) <= 200;
  return stem.split('/').every((part) => part !== '..' && fits(part)) && names.every((name) => fits(name) && !/^\.|^\/$/.test(name));
}
