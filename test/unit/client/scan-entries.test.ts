import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEntryScanner, type Entry } from '../../../src/client/scan-entries.js';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((some) => Buffer.from(some));
const entry = fc.record({
  key: fc.uint8Array({ minLength: 1, maxLength: 20 }).map((some) => Buffer.from(some).toString('latin1')),
  value: fc.oneof(bytes(30), bytes(3000)),
});
const entryOf = fc.oneof(
  entry,
  fc.tuple(entry, fc.constantFrom('77', '7587862094871234567')).map(([it, lease]) => ({ ...it, lease })),
);
const HEADER = '{"header":{"cluster_id":"7","member_id":"1","revision":"99","raft_term":"2"}';

/** As the gateway writes it: fields that are empty or 0 are left out, and 3.6 may put spaces after colons. */
function answerOf(entries: Entry[], space: string): Buffer {
  const kvs = entries.map(({ key, value, lease }) => {
    const ends = `${value.length > 0 ? `,"value":${space}"${value.toString('base64')}"` : ''}${lease === undefined ? '' : `,"lease":${space}"${lease}"`}`;
    return `{"key":${space}"${Buffer.from(key, 'latin1').toString('base64')}","create_revision":"7","mod_revision":"8","version":"1"${ends}}`;
  });
  return Buffer.from(`${HEADER},"kvs":${space}[${kvs.join(',')}],"count":"${entries.length}"}`);
}

async function scanned(body: Buffer, cuts: number[], most = Infinity) {
  const entries: Entry[] = [];
  const scanner = openEntryScanner(
    (some) => void entries.push(...some),
    most,
    'http://there',
    () => undefined,
  );
  const ends = [...cuts.map((cut) => cut % (body.length + 1)).sort((a, b) => a - b), body.length];
  for (const [i, end] of ends.entries()) await scanner.push(body.subarray(i === 0 ? 0 : ends[i - 1], end));
  return { entries, answer: scanner.end() };
}

describe('the scanner of entries', () => {
  it('finds what is there, however the answer is spaced and cut', async () => {
    const cuts = fc.array(fc.nat(20_000), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.array(entryOf, { maxLength: 12 }), fc.constantFrom('', ' '), cuts, async (entries, space, at) => {
        const header = { clusterId: '7', revision: '99' };
        expect(await scanned(answerOf(entries, space), at)).toEqual({ entries, answer: { header, count: entries.length, more: false } });
      }),
      { numRuns: 500 },
    );
  });

  it('takes no more than were asked for, no value without an end, and no half answer', async () => {
    const body = answerOf(
      [
        { key: 'a', value: Buffer.from('x') },
        { key: 'b', value: Buffer.alloc(0) },
      ],
      '',
    );
    await expect(scanned(body, [], 1)).rejects.toThrow('more keys than were asked for');
    await expect(scanned(body.subarray(0, -1), [])).rejects.toThrow('not a whole range');
    await expect(scanned(Buffer.from(`${HEADER},"kvs":[{"key":7}],"count":"1"}`), [])).rejects.toThrow('no text');
    const scanner = openEntryScanner(
      () => undefined,
      Infinity,
      'http://there',
      () => undefined,
    );
    await scanner.push(Buffer.from(`${HEADER},"kvs":[{"key":"YQ==","value":"`));
    const chunk = Buffer.alloc(8 * 1024 * 1024, 'A');
    expect(() => {
      for (let i = 0; i < 20; i++) void scanner.push(chunk);
    }).toThrow('too long');
  });
});
