import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Level } from '../../../src/keyspace/listing.js';
import { MAX_AGE, MAX_AGE_OF_MANY, openRecent } from '../../../src/keyspace/recent.js';
import { namesByDefinition } from '../../harness/model.js';

const level = (names: string[], more = false): Level => ({ names, revision: '7', clusterId: '1', more, stale: false, scoped: false });
const many = Array.from({ length: 20_000 }, (_, i) => `k${10_000 + i}`);

/** With a clock that the test moves. */
function recently() {
  const clock = { now: 0 };
  return { clock, recent: openRecent(() => clock.now) };
}

describe('recent listings', () => {
  it('answer what reading would, for every beginning of a name', () => {
    const keys = fc.array(fc.stringMatching(/^[ab/\xff-]{1,5}$/), { maxLength: 30 });
    fc.assert(
      fc.property(
        keys,
        fc.constantFrom('', 'a', 'b'),
        fc.stringMatching(/^[ab\xff-]{0,3}$/),
        fc.integer({ min: 1, max: 9 }),
        (set, listed, typed, max) => {
          const { recent } = recently();
          recent.remember('', { prefix: 'a/', partial: listed }, level(namesByDefinition(set, 'a/', listed)), 0);
          const found = recent.find('', { prefix: 'a/', partial: typed, max });
          if (!typed.startsWith(listed)) {
            expect(found).toBeUndefined();
            return;
          }
          const names = namesByDefinition(set, 'a/', typed);
          expect(found).toMatchObject({ names: names.slice(0, max), more: names.length > max });
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('answer no longer than they say, and longer only for very many names', () => {
    const { clock, recent } = recently();
    recent.remember('', { prefix: '/few/' }, level(['a']), -1000);
    recent.remember('', { prefix: '/many/' }, level(many), -5000);
    clock.now = MAX_AGE - 1001;
    expect(recent.find('', { prefix: '/few/' })).toBeDefined();
    clock.now = MAX_AGE - 1000;
    expect(recent.find('', { prefix: '/few/' })).toBeUndefined();
    clock.now = MAX_AGE_OF_MANY - 1;
    expect(recent.find('', { prefix: '/many/', partial: 'k1', max: 10 })).toMatchObject({ names: { length: 10 }, more: true });
    clock.now = MAX_AGE_OF_MANY;
    expect(recent.find('', { prefix: '/many/' })).toBeUndefined();
  });

  it('do not answer for the past, for another profile, or from what was not whole', () => {
    const { recent } = recently();
    recent.remember('', { prefix: '/a/' }, level(['x']), 0);
    recent.remember('', { prefix: '/b/', max: 1 }, level(['x'], true), 0);
    recent.remember('', { prefix: '/c/', revision: '5' }, level(['x']), 0);
    expect(recent.find('', { prefix: '/a/', revision: '5' })).toBeUndefined();
    expect(recent.find('prod', { prefix: '/a/' })).toBeUndefined();
    expect(recent.find('', { prefix: '/b/' })).toBeUndefined();
    expect(recent.find('', { prefix: '/c/' })).toBeUndefined();
  });

  it('are forgotten when a key below them is put, and no others', () => {
    const { recent } = recently();
    for (const prefix of ['', '/', '/a/', '/a/b/', '/c/']) recent.remember('', { prefix }, level(['x']), 0);
    recent.changed('', '/a/new');
    expect(['', '/', '/a/', '/a/b/', '/c/'].filter((prefix) => recent.find('', { prefix }))).toEqual(['/a/b/', '/c/']);
  });

  it('hold a bounded number of names and of hints', () => {
    const { recent } = recently();
    const hints = { prefix: '/', firstKeys: ['/h'], values: [0, 0], total: 1 };
    for (let i = 0; i < 100; i++) recent.remember('', { prefix: `/${i}/` }, { ...level(many), hints }, 0);
    const kept = (test: (prefix: string) => unknown) => Array.from({ length: 100 }, (_, i) => `/${i}/`).filter(test).length;
    expect(kept((prefix) => recent.find('', { prefix }))).toBe(10);
    expect(kept((prefix) => recent.hints('', prefix).hints)).toBe(64);
    expect(recent.hints('', '/99/')).toEqual({ hints });
  });
});
