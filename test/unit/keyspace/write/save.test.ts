import { expect, it } from 'vitest';
import type { KeyValue } from '../../../../src/client/index.js';
import { wouldWrite } from '../../../../src/keyspace/write/save.js';

const value = Buffer.from('mine');
const base = { modRevision: '8', digest: '', clusterId: '7' };
const at = (modRevision: string, text = 'old'): KeyValue => ({
  ...{ key: 'a', value: Buffer.from(text), createRevision: '4', version: '2', lease: '0' },
  modRevision,
});

it.each<[string, object, KeyValue | undefined, boolean]>([
  ['over what was read', { base }, at('8'), true],
  ['a new key', {}, undefined, true],
  ['a new key without a value', { value: Buffer.alloc(0) }, undefined, true],
  ['not over a change', { base }, at('9'), false],
  ['not a key that is gone', { base }, undefined, false],
  ['not over a key that was not read', {}, at('8'), false],
  ['not the same bytes', { base }, at('8', 'mine'), false],
  ['the same bytes by force', { base, force: true }, at('8', 'mine'), true],
  ['over a change by force', { base, force: true }, at('9'), true],
])('writes %s', (_, more, kv, isWritten) => {
  expect(wouldWrite({ key: 'a', value, force: false, ...more }, kv)).toBe(isWritten);
});
