import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Client, Entry, RangeRequest } from '../../../../src/client/index.js';
import { MOST_KEYS } from '../../../../src/keyspace/documents/base.js';
import { encodeLine } from '../../../../src/keyspace/documents/jsonl.js';
import { showDocument } from '../../../../src/keyspace/documents/show.js';

const options = { budget: 1000 };
const header = { clusterId: '1', revision: '9' };
const numbers = { createRevision: '1', modRevision: '1', version: '1', lease: '0' };
const value = Buffer.from('v');

/** A client with so many keys; the last one has a lease. @returns also what was asked, and how many entries had been given by then */
function fake(count: number) {
  const keys = Array.from({ length: count }, (_, i) => `/a/${String(i).padStart(7, '0')}`);
  const asked: { kind: 'range' | 'scan'; key: string; limit: number; written: number }[] = [];
  let written = 0;
  const pageOf = (kind: 'range' | 'scan', { key, rangeEnd = `${key}\0`, limit = Infinity }: RangeRequest) => {
    asked.push({ kind, key, limit, written });
    const all = keys.filter((it) => it >= key && it < rangeEnd);
    return { all, page: all.slice(0, limit) };
  };
  const client = {
    user: '',
    endpoint: () => 'http://there',
    leaseTtl: () => Promise.resolve(60),
    range(request: RangeRequest) {
      const { all, page } = pageOf('range', request);
      const kvs = page.map((key) => ({ key, value, ...numbers }));
      return Promise.resolve({ header, kvs, count: all.length, more: all.length > kvs.length, stale: false });
    },
    rangeMany(requests: RangeRequest[]) {
      const counts = requests.map(({ key, rangeEnd = '' }) => keys.filter((it) => it >= key && it < rangeEnd).length);
      return Promise.resolve({ header, stale: false, ranges: counts.map((each) => ({ keys: [], count: each, more: false })) });
    },
    async scanEntries(request: RangeRequest, onEntries: (some: Entry[]) => void | Promise<void>) {
      const { all, page } = pageOf('scan', request);
      await onEntries(page.map((key) => ({ key, value, ...(key === keys.at(-1) && { lease: '255' }) })));
      return { header, count: all.length, more: page.length < all.length };
    },
  };
  return { client: client as unknown as Client, keys, asked, write: (part: string) => void (written += part.split('\n').length - 1) };
}

describe('lines of a document', () => {
  it('are streamed if there are more keys than can be written back: each once, in order, with its lease', async () => {
    const count = MOST_KEYS + 1000;
    const { client, keys, asked, write } = fake(count);
    const parts: string[] = [];
    const shown = await showDocument(
      client,
      { prefix: '/a/', format: 'jsonl' },
      (part) => {
        parts.push(part);
        write(part);
      },
      options,
    );
    expect(shown).toMatchObject({ keys: count, revision: '9', base: undefined });
    const lines = parts.join('').trimEnd().split('\n');
    expect(lines.length).toBe(count);
    expect(lines.every((line, i) => line.includes(`"${(keys[i] as string).slice(3)}"`))).toBe(true);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ key: '0100999', value: 'v', lease: 'ff', ttl: 60 });
    const scans = asked.filter(({ kind }) => kind === 'scan');
    expect(scans.slice(0, 2).map(({ limit }) => limit)).toEqual([7, 7168]);
    // The next answer is asked for before all of the last one is written.
    expect(scans.some(({ key, written }) => written < Number(key.slice(3, 10)) + 1)).toBe(true);
    expect(scans.length).toBeLessThan(20);
  });

  it('of as many as can be written back come with what a write compares with', async () => {
    const { client, asked, write } = fake(3000);
    const shown = await showDocument(client, { prefix: '/a/', format: 'jsonl' }, write, options);
    expect(shown.base?.size).toBe(3000);
    expect(asked.every(({ kind }) => kind === 'range')).toBe(true);
  });

  it('are the same JSON by the short way and by the long one', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '~', '"', '\\', '/', '\u007f', '\t', 'é'), maxLength: 6 });
    fc.assert(
      fc.property(text, text, (name, content) => {
        const key = Buffer.from(name).toString('latin1');
        const line = encodeLine({ key, value: Buffer.from(content) });
        expect(line).toBe(`${JSON.stringify({ key: name, value: content }).replaceAll('\u007f', '\\u007f')}\n`);
      }),
      { numRuns: 1000 },
    );
  });
});
