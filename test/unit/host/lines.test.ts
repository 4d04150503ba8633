import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openBodies } from '../../../src/host/bodies.js';
import { linesOf } from '../../../src/host/lines.js';

it('makes names into lines, in parts that are bounded by bytes', () => {
  expect([...linesOf([])]).toEqual([]);
  expect([...linesOf(['', 'a b', 'c/'])]).toEqual(['%2F\na%20b\nc/\n']);
  const names = Array.from({ length: 20_000 }, (_, i) => `name-${i}-${'x'.repeat(i % 50)}`);
  const parts = [...linesOf(names)];
  expect(parts.join('')).toBe(names.map((name) => `${name}\n`).join(''));
  expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(70_000);
});

it('lets others have their turn between two parts of a body', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-unit-'));
  const turns: number[] = [];
  let turn = 0;
  let immediate = setImmediate(function next() {
    turn++;
    immediate = setImmediate(next);
  });
  function* parts(): Generator<string> {
    for (const part of ['a', 'b', 'c', 'd']) {
      turns.push(turn);
      yield part;
    }
  }
  try {
    expect(readFileSync(await openBodies('1-0', dir).offerParts(parts()), 'utf8')).toBe('abcd');
    expect(new Set(turns.slice(1)).size).toBe(3);
  } finally {
    clearImmediate(immediate);
    rmSync(dir, { recursive: true, force: true });
  }
});
