/** `:help etcd-errors` has every code, and the words that the tables give to people. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { notTls, refused, tlsErrors } from '../../../src/client/tls-errors.js';

const read = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
const source = read('src/client/errors.ts');
const help = /^14\. Errors[^]*?^={78}$/m.exec(read('doc/etcd.txt'))?.[0] ?? '';
const type = /export type ErrorCode =([^]*?'\w+');\n/.exec(source)?.[1] ?? '';
const codes = [...type.matchAll(/\| '(\w+)'/g)].map((match) => match[1] as string);

/** @returns what the help says of a code, with wrapped lines joined */
function sectionOf(code: string): string {
  return (help.split(`*etcd-E-${code}*`)[1]?.split('*etcd-E-')[0] ?? '').replaceAll(/\s+/g, ' ');
}

it('has the codes of the type', () => {
  expect(codes.length).toBeGreaterThan(20);
  expect([...help.matchAll(/\*etcd-E-(\w+)\*/g)].map((match) => match[1]).sort()).toEqual([...codes].sort());
});

it.each(codes)('explains %s, and gives its words', (code) => {
  expect(sectionOf(code)).toMatch(new RegExp(`^ ${code} (etcd|[A-Z])`));
  if (code !== 'internal') expect(sectionOf(code)).toMatch(/".+"/);
});

it.each([...new Set([...Object.values(tlsErrors), refused, notTls].map(({ why }) => why))])('gives the words of tls: %s', (why) => {
  expect(sectionOf('tls')).toContain(`"${why}"`);
});

it.each([...source.matchAll(/code: 'unreachable',\s+why: '([^']+)'/g)].map((match) => match[1] as string))('%s is unreachable', (why) => {
  expect(sectionOf('unreachable')).toContain(`"${why}"`);
});

it('names the size of the largest answer', () => {
  const mebibytes = /MAX_ANSWER_BYTES = (\d+) \* 1024 \* 1024/.exec(read('src/client/body.ts'))?.[1] ?? 'none';
  expect(sectionOf('too_large')).toContain(`over ${mebibytes} MiB`);
});
