/** What a watch is told again shows whether the history is still the same. */
import { describe, expect, it } from 'vitest';
import type { WatchEvent } from '../../../src/client/watch-answer.js';
import { echoObjection, putObjection } from '../../../src/client/watch-echo.js';

const kv = { key: '/a', value: Buffer.from('1'), createRevision: '3', modRevision: '5', version: '2', lease: '0' };
const put = (changed: Partial<typeof kv> = {}): WatchEvent => ({ type: 'put', kv: { ...kv, ...changed } });
const gone = (key: string): WatchEvent => ({
  type: 'delete',
  kv: { ...kv, key, value: Buffer.alloc(0), createRevision: '0', version: '0' },
});
const at = (revision: string, ...events: WatchEvent[]) => ({ revision, events });

describe('what is told again', () => {
  it.each([
    ['the same', [put(), gone('/b')], at('5', put(), gone('/b'))],
    ['without a delete, which some servers leave out', [put(), gone('/b')], at('5', put())],
    ['with nothing of it, if it was a delete', [gone('/b')], at('6', put({ modRevision: '6' }))],
  ])('is the same history: %s', (_, told, heard) => {
    expect(echoObjection(at('5', ...told), heard)).toBeUndefined();
  });

  it.each([
    ['another value', at('5', put({ value: Buffer.from('2') }))],
    ['another version', at('5', put({ version: '3' }))],
    ['another life of the key', at('5', put({ createRevision: '5' }))],
    ['another key', at('5', put({ key: '/b' }))],
    ['a delete', at('5', gone('/a'))],
    ['one more key', at('5', put(), put({ key: '/b' }))],
    ['nothing at that revision', at('6', put({ modRevision: '6' }))],
  ])('is another history: %s', (_, heard) => {
    expect(echoObjection(at('5', put()), heard)).toContain('revision 5 is not what it was');
  });
});

it('a key that was put last cannot go back, and can be gone or made anew', () => {
  const told = at('5', gone('/b'), put());
  expect(putObjection(told, { ...kv, modRevision: '4', version: '1' })).toContain('went back from 5 to 4');
  for (const now of [undefined, kv, { ...kv, modRevision: '7', version: '3' }, { ...kv, key: '/other', modRevision: '2' }])
    expect(putObjection(told, now)).toBeUndefined();
  expect(putObjection(told, { ...kv, createRevision: '9', modRevision: '9', version: '1' })).toBeUndefined();
});
