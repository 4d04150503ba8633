import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Level, LevelRequest } from '../../../../src/keyspace/listing/level.js';
import { MAX_AGE, MAX_AGE_OF_MANY, openRecent } from '../../../../src/keyspace/listing/recent.js';
import { namesByDefinition } from '../../../harness/listing/model.js';

const level = (names: string[], more = false): Level => ({ names, revision: '7', clusterId: '1', more, stale: false, scoped: false });
const many = Array.from({ length: 20_000 }, (_, i) => `k${10_000 + i}`);

/** With a clock that the test moves. */
function recently() {
  const clock = { now: 0 };
  const recent = openRecent(() => clock.now);
  const remember = (request: LevelRequest, found: Level): Promise<Level> => recent.remember('', request, () => Promise.resolve(found));
  return { clock, recent, remember };
}

describe('recent listings', () => {
  it('answer what reading would, for every beginning of a name', async () => {
    const keys = fc.array(fc.stringMatching(/^[ab/\xff-]{1,5}$/), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.constantFrom('', 'a', 'b'),
        fc.stringMatching(/^[ab\xff-]{0,3}$/),
        fc.integer({ min: 1, max: 9 }),
        async (set, listed, typed, max) => {
          const { recent, remember } = recently();
          await remember({ prefix: 'a/', partial: listed }, level(namesByDefinition(set, 'a/', listed)));
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

  it('answer no longer than they say, counted from when they were asked for, and longer only for very many names', async () => {
    const { clock, recent } = recently();
    const slowly = (found: Level) => (): Promise<Level> => ((clock.now += 500), Promise.resolve(found));
    await recent.remember('', { prefix: '/few/' }, slowly(level(['a'])));
    await recent.remember('', { prefix: '/many/' }, slowly(level(many)));
    clock.now = MAX_AGE - 1;
    expect(recent.find('', { prefix: '/few/' })).toBeDefined();
    clock.now = MAX_AGE;
    expect(recent.find('', { prefix: '/few/' })).toBeUndefined();
    clock.now = MAX_AGE_OF_MANY + 499;
    expect(recent.find('', { prefix: '/many/', partial: 'k1', max: 10 })).toMatchObject({ names: { length: 10 }, more: true });
    clock.now = MAX_AGE_OF_MANY + 500;
    expect(recent.find('', { prefix: '/many/' })).toBeUndefined();
  });

  it('do not answer for the past, for another profile, or from what was not whole', async () => {
    const { recent, remember } = recently();
    await remember({ prefix: '/a/' }, level(['x']));
    await remember({ prefix: '/b/', max: 1 }, level(['x'], true));
    await remember({ prefix: '/c/', revision: '5' }, level(['x']));
    expect(recent.find('', { prefix: '/a/', revision: '5' })).toBeUndefined();
    expect(recent.find('prod', { prefix: '/a/' })).toBeUndefined();
    expect(recent.find('', { prefix: '/b/' })).toBeUndefined();
    expect(recent.find('', { prefix: '/c/' })).toBeUndefined();
  });

  it('are forgotten when a key below them is put, and no others', async () => {
    const { recent, remember } = recently();
    for (const prefix of ['', '/', '/a/', '/a/b/', '/c/']) await remember({ prefix }, level(['x']));
    recent.changed('', '/a/new');
    expect(['', '/', '/a/', '/a/b/', '/c/'].filter((prefix) => recent.find('', { prefix }))).toEqual(['/a/b/', '/c/']);
  });

  it('are not kept where a key below them was put while they were read, nor where the profiles have changed', async () => {
    const { recent } = recently();
    const begin = (prefix: string) => {
      let end: (level: Level) => void = () => undefined;
      const done = recent.remember('', { prefix }, () => new Promise((resolve) => (end = resolve)));
      return async () => (end(level(['x'])), (await done).names);
    };
    const [above, beside, other] = [begin('/a/'), begin('/b/'), begin('/c/')];
    recent.changed('', '/a/new');
    expect([await above(), await beside()]).toEqual([['x'], ['x']]);
    expect(['/a/', '/b/'].filter((prefix) => recent.find('', { prefix }))).toEqual(['/b/']);
    recent.clear();
    await other();
    expect(recent.find('', { prefix: '/c/' })).toBeUndefined();
    await begin('/a/')();
    expect(recent.find('', { prefix: '/a/' })).toBeDefined();
    const failed = recent.remember('', { prefix: '/d/' }, () => Promise.reject(new Error('no')));
    await expect(failed).rejects.toThrow('no');
  });

  it('hold a bounded number of names, and of hints and their bytes', async () => {
    const { recent, remember } = recently();
    const prefixes = Array.from({ length: 100 }, (_, i) => `/${i}/`);
    const kept = (test: (prefix: string) => unknown) => prefixes.filter(test);
    const hints = { prefix: '/', firstKeys: ['/h'], values: [0, 0], total: 1 };
    for (const prefix of prefixes) await remember({ prefix }, { ...level(many), hints });
    expect(kept((prefix) => recent.find('', { prefix }))).toEqual(prefixes.slice(-10));
    expect(kept((prefix) => recent.hints('', prefix).hints)).toEqual(prefixes.slice(-64));
    expect(recent.hints('', '/99/')).toEqual({ hints });
    const large = { ...hints, firstKeys: ['x'.repeat(3 << 20)] };
    for (const prefix of prefixes.slice(0, 8)) await remember({ prefix }, { ...level(['x']), hints: large });
    expect(kept((prefix) => recent.hints('', prefix).hints)).toEqual(prefixes.slice(3, 8));
  });
});
