import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openScanner } from '../../../src/client/scan.js';

const latin1 = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

/** As the gateway writes it: 3.4 and 3.5 without spaces, 3.6 with or without. */
function answerOf(keys: string[], space: string, more: boolean): Buffer {
  const kvs = keys.map(
    (key) =>
      `{"key":${space}"${Buffer.from(key, 'latin1').toString('base64')}","create_revision":"7",${space}"mod_revision":"8","version":"1"}`,
  );
  const header = `{"header":{"cluster_id":${space}"14841639068965178418","member_id":"10276657743932975437","revision":"99",${space}"raft_term":"2"}`;
  const rest = `${keys.length > 0 ? `,"kvs":[${kvs.join(`,${space}`)}]` : ''}${more ? `,"more":${space}true` : ''},"count":${space}"${keys.length + 5}"}`;
  return Buffer.from(header + rest);
}

function scanned(body: Buffer, cuts: number[], most = Infinity): { keys: string[]; answer: unknown } {
  const keys: string[] = [];
  const scanner = openScanner((key) => keys.push(key), most, 'http://there');
  const ends = [...cuts.map((cut) => cut % (body.length + 1)).sort((a, b) => a - b), body.length];
  ends.forEach((end, i) => scanner.push(body.subarray(i === 0 ? 0 : ends[i - 1], end)));
  return { keys, answer: scanner.end() };
}

describe('the scanner', () => {
  it('finds what JSON.parse finds, however the answer is spaced and cut', () => {
    fc.assert(
      fc.property(
        fc.array(latin1, { maxLength: 50 }),
        fc.constantFrom('', ' '),
        fc.boolean(),
        fc.array(fc.nat(5000), { maxLength: 20 }),
        (keys, space, more, cuts) => {
          const header = { clusterId: '14841639068965178418', revision: '99' };
          expect(scanned(answerOf(keys, space, more), cuts)).toEqual({ keys, answer: { header, count: keys.length + 5, more } });
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('keeps little of a large answer, and is done with a piece of it soon', () => {
    const keys = Array.from({ length: 200_000 }, (_, i) => `/a/rather/long/prefix/of/keys/${i}`);
    const body = answerOf(keys, '', false);
    let count = 0;
    let longest = 0;
    const scanner = openScanner(() => count++, Infinity, 'http://there');
    for (let at = 0; at < body.length; at += 65_536) {
      const before = count;
      scanner.push(body.subarray(at, at + 65_536));
      longest = Math.max(longest, count - before);
    }
    expect(scanner.end().count).toBe(200_005);
    expect(count).toBe(200_000);
    expect(longest).toBeLessThan(1000);
  });

  it('takes no more keys than were asked for, and no key without an end', () => {
    const body = answerOf(['a', 'b', 'c'], '', true);
    expect(scanned(body, [], 3).keys).toEqual(['a', 'b', 'c']);
    expect(() => scanned(body, [], 2)).toThrow('more keys than were asked for');
    const chunk = Buffer.alloc(512 * 1024, 'A');
    for (const start of ['"kvs":[{"key":"', '"kvs":[{"key":']) {
      const scanner = openScanner(() => undefined, Infinity, 'http://there');
      let pushed = 0;
      scanner.push(Buffer.from(`{"header":{"cluster_id":"1","revision":"9"},${start}`));
      expect(() => {
        for (; pushed < 10 * 1024 * 1024; pushed += chunk.length) scanner.push(chunk);
      }).toThrow('a key in the answer is too long');
      expect(pushed).toBeLessThan(5 * 1024 * 1024);
    }
    expect(() => scanned(answerOf(['x'.repeat(4 * 1024 * 1024)], '', false), [])).toThrow('a key in the answer is too long');
  });

  it('does not take half an answer, or another one, for a whole', () => {
    const body = answerOf(['a', 'b'], '', false);
    expect(() => scanned(body.subarray(0, body.length - 1), [])).toThrow('no etcd JSON gateway');
    expect(() => scanned(Buffer.from('{"kvs":[{"key":"YQ=="}]}'), [])).toThrow('no etcd JSON gateway');
    expect(() => scanned(Buffer.from('<html>'), [])).toThrow('no etcd JSON gateway');
  });
});
