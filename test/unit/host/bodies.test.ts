import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openBodies } from '../../../src/host/bodies.js';

const home = mkdtempSync(join(tmpdir(), 'etcd-vim-bodies-'));
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

it('lays no shadow out where two names are one to the file system', () => {
  const bodies = openBodies('1-1', home);
  const root = bodies.shadow('etcd:/c/', ['name', 'sub/']);
  expect(readdirSync(join(root as string, 'etcd:/c')).sort()).toEqual(['name', 'sub']);
  // Like `name` and `Name` in a file system that ignores case.
  expect(bodies.shadow('etcd:/c/', ['name', 'name'])).toBeUndefined();
  expect(bodies.shadow('etcd:/c/', ['sub/', 'sub/'])).toBeUndefined();
});
