import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBodies, type Bodies } from '../../../src/host/bodies.js';
import { openDirectory, removeOrphans } from '../../../src/host/directory.js';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const owner = `${process.pid}-0`;
let top: string;
let made: string[];

/** A directory below `top`, whatever the umask is. */
function directory(name: string, mode = 0o700): string {
  const dir = join(top, name);
  mkdirSync(dir);
  chmodSync(dir, mode);
  return dir;
}

function open(parent: string, before?: string): string {
  vi.stubEnv('XDG_RUNTIME_DIR', parent);
  const dir = openDirectory(owner, before);
  made.push(dir);
  return dir;
}

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'etcd-vim-unit-')));
  made = [];
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const dir of [top, ...made]) rmSync(dir, { recursive: true, force: true });
});

describe('the private directory', () => {
  it.each([0o700, 0o755, 0o1777])('is made in a place of ours (%o), with a name of its own', (mode) => {
    const parent = directory('run', mode);
    const dirs = [open(parent), open(parent)];
    expect(readdirSync(parent).map((name) => join(parent, name))).toEqual([...dirs].sort());
    expect(dirs.map((dir) => lstatSync(dir).mode & 0o777)).toEqual([0o700, 0o700]);
  });

  it('is not made where others could put another in its place', () => {
    const open777 = directory('open', 0o777);
    const below = directory('open/below');
    const group = directory('group', 0o770);
    const link = join(top, 'link');
    symlinkSync(open777, link);
    const file = join(top, 'file');
    writeFileSync(file, '');
    for (const parent of [open777, below, group, link, join(link, 'below'), file, join(top, 'none'), 'run']) {
      expect(open(parent), parent).not.toContain(top);
    }
    expect([open777, below, group].map((dir) => readdirSync(dir))).toEqual([['below'], [], []]);
  });

  it.runIf(isRoot)('is not made in, or below, what belongs to another user', () => {
    const theirs = directory('theirs');
    const ours = directory('theirs/ours');
    const link = join(top, 'link');
    symlinkSync(theirs, link);
    chownSync(theirs, NOBODY, NOBODY);
    for (const parent of [theirs, ours, link]) expect(open(parent), parent).not.toContain(top);
    // A place of root for everybody is good, and a place of nobody is not, whatever its bits.
    chmodSync(theirs, 0o1777);
    expect(open(theirs)).not.toContain(top);
    chownSync(theirs, 0, 0);
    expect(open(theirs)).toContain(theirs);
  });

  it('is named with its reason where there is no place', () => {
    const nowhere = directory('nowhere', 0o777);
    vi.stubEnv('TMPDIR', nowhere);
    vi.stubEnv('XDG_RUNTIME_DIR', nowhere);
    if (existsSync('/dev/shm')) return;
    expect(() => openDirectory(owner)).toThrow(`no place is safe for values on their way: ${nowhere} can be changed by others`);
  });

  it('is kept by the next process, unless it is not as it was', () => {
    const parent = directory('run');
    const before = open(parent);
    expect(open(parent, before)).toBe(before);
    const elsewhere = directory('elsewhere');
    chmodSync(before, 0o750);
    expect(open(parent, before)).not.toBe(before);
    rmSync(before, { recursive: true });
    symlinkSync(elsewhere, before);
    expect([before, elsewhere]).not.toContain(open(parent, before));
    expect(open(parent, join(top, 'none'))).toContain(parent);
  });
});

describe('what dead editors have left', () => {
  const space = process.platform === 'linux' ? (/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '') : '0';
  // Higher than any pid that Linux gives.
  const DEAD = 2 ** 22 + 1;

  it('goes, and nothing else', async () => {
    const parent = directory('run');
    const gone = `etcd.vim-${DEAD}-${space}-aaaaaa`;
    const kept = [
      `etcd.vim-${process.pid}-${space}-aaaaaa`,
      // From another container, in which that pid may be taken.
      `etcd.vim-${DEAD}-${space}1-aaaaaa`,
      `etcd.vim-${DEAD}-aaaaaa`,
      `x-etcd.vim-${DEAD}-${space}-aaaaaa`,
      `etcd.vim-${DEAD}-${space}-open`,
    ];
    for (const name of [gone, ...kept]) {
      mkdirSync(join(parent, name), { mode: 0o700 });
      writeFileSync(join(parent, name, 'r1'), 'value');
    }
    chmodSync(join(parent, kept.at(-1) as string), 0o755);
    symlinkSync(directory('elsewhere'), join(parent, `etcd.vim-${DEAD}-${space}-link`));
    if (isRoot) {
      kept.push(`etcd.vim-${DEAD}-${space}-theirs`);
      mkdirSync(join(parent, kept.at(-1) as string), { mode: 0o700 });
      chownSync(join(parent, kept.at(-1) as string), NOBODY, NOBODY);
    }
    vi.stubEnv('XDG_RUNTIME_DIR', parent);
    await removeOrphans();
    expect(readdirSync(parent).sort()).toEqual([...kept, `etcd.vim-${DEAD}-${space}-link`].sort());
  });

  it('stays where the place is not safe', async () => {
    const parent = directory('open', 0o777);
    mkdirSync(join(parent, `etcd.vim-${DEAD}-${space}-aaaaaa`), { mode: 0o700 });
    vi.stubEnv('XDG_RUNTIME_DIR', parent);
    await removeOrphans();
    expect(readdirSync(parent)).toHaveLength(1);
  });
});

describe('bodies', () => {
  let bodies: Bodies;
  beforeEach(() => {
    vi.stubEnv('XDG_RUNTIME_DIR', directory('run'));
    bodies = openBodies(owner);
  });

  it('are given and taken only as long as the directory is the one that was opened', async () => {
    const elsewhere = directory('elsewhere');
    writeFileSync(join(bodies.dir, 'w1'), 'mine');
    expect(bodies.take(join(bodies.dir, 'w1')).toString()).toBe('mine');
    const swaps = [
      () => symlinkSync(elsewhere, bodies.dir),
      () => mkdirSync(bodies.dir, { mode: 0o700 }),
      () => renameSync(`${bodies.dir}.old`, bodies.dir),
    ];
    renameSync(bodies.dir, `${bodies.dir}.old`);
    for (const [i, swap] of swaps.entries()) {
      rmSync(bodies.dir, { recursive: true, force: true });
      swap();
      if (i === 2) chmodSync(bodies.dir, 0o770);
      expect(() => bodies.offer('value')).toThrow('not there any more');
      await expect(bodies.offerParts(['value'])).rejects.toThrow('not there any more');
      expect(() => bodies.take(join(bodies.dir, 'w1'))).toThrow('not there any more');
      expect(() => bodies.shadow('etcd:/', ['a'])).toThrow('not there any more');
    }
    chmodSync(bodies.dir, 0o700);
    expect(bodies.offer('value')).toContain(bodies.dir);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('are no links', () => {
    const secret = join(top, 'secret');
    writeFileSync(secret, 'secret');
    symlinkSync(secret, join(bodies.dir, 'w1'));
    expect(() => bodies.take(join(bodies.dir, 'w1'))).toThrow(/ELOOP/);
    symlinkSync(join(top, 'written'), join(bodies.dir, 'r1'));
    expect(() => bodies.offer('value')).toThrow(/EEXIST/);
    expect(existsSync(join(top, 'written'))).toBe(false);
  });

  it('leave nothing where they fail', async () => {
    function* parts(): Generator<string> {
      yield 'half';
      throw new Error('no more');
    }
    await expect(bodies.offerParts(parts())).rejects.toThrow('no more');
    // A part of a path can be longer than a file name may be.
    expect(bodies.shadow(`etcd:/${'long/'.repeat(1000)}`, ['a'])).toBeUndefined();
    expect(readdirSync(bodies.dir)).toEqual([]);
  });

  it('of an earlier process go, and what the editor has written stays', () => {
    bodies.offer('nobody was told of it');
    bodies.shadow('etcd:/', ['a', 'b/']);
    writeFileSync(join(bodies.dir, 'w1'), 'mine');
    const next = openBodies(owner, bodies.dir);
    expect([next.dir, readdirSync(next.dir)]).toEqual([bodies.dir, ['w1']]);
    expect(next.offer('value')).toBe(join(bodies.dir, 'r1'));
  });
});
