import * as zlib from 'node:zlib';
import { deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VIEWS, type ViewName } from '../../../../src/keyspace/address.js';
import { views } from '../../../../src/keyspace/views/view.js';
import { zstdBy, type Zstd } from '../../../../src/keyspace/views/zstd.js';

const SOME = { numRuns: 200 };
const { hex, base64, gzip, zstd } = views;
/** Node has it from 22.15 on. */
const ours = zlib as unknown as Partial<Zstd>;
const hasZstd = ours.zstdCompressSync !== undefined;
const zstdSync = (value: Buffer, params: Record<number, number> = {}): Buffer => (ours as Zstd).zstdCompressSync(value, { params });
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const level = fc.integer({ min: 0, max: 9 });
/** Values that each view shows. */
const values = {
  json: fc.json().map((text) => Buffer.from(text)),
  hex: bytes,
  text: bytes,
  base64: fc
    .tuple(bytes, fc.constantFrom<BufferEncoding>('base64', 'base64url'), fc.constantFrom('', '\n', '\r\n'), fc.nat(80))
    .map(([value, encoding, end, width]) => {
      const text = value.toString(encoding);
      return Buffer.from((width > 3 ? (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n') : text) + end);
    }),
  gzip: fc.tuple(bytes, level).map(([value, at]) => gzipSync(value, { level: at })),
  // Level, size and checksum of the frame.
  zstd: fc.tuple(bytes, fc.integer({ min: 1, max: 19 }), fc.nat(1), fc.nat(1)).map(([value, at, size, sum]) => {
    return zstdSync(value, { 100: at, 200: size, 201: sum });
  }),
};

/** Views that write; k8s.test.ts has the other one. */
const writing = VIEWS.filter((name): name is Exclude<ViewName, 'k8s'> => name !== 'k8s' && (name !== 'zstd' || hasZstd));
describe.each(writing)('the view as %s', (name) => {
  const view = views[name];
  it('writes the very bytes of which it is the view', () => {
    fc.assert(
      fc.property(values[name], (value) => {
        expect(view.write(view.show(value), value)).toEqual(value);
      }),
      SOME,
    );
  });

  it('shows of what it has written what was to be written, and writes that again', () => {
    fc.assert(
      fc.property(values[name], values[name], (original, other) => {
        const text = view.show(other);
        const once = view.write(text, original);
        expect(view.write(text, once)).toEqual(once);
        if (name !== 'json') expect(view.show(once)).toEqual(text);
      }),
      SOME,
    );
  });
});

describe('hex', () => {
  it('shows where the bytes are and how they read', () => {
    expect(hex.show(Buffer.from('{"a": 1, "bc": 2}\n')).toString()).toBe(
      '00000000: 7b 22 61 22 3a 20 31 2c 20 22 62 63 22 3a 20 32 |{"a": 1, "bc": 2|\n' +
        '00000010: 7d 0a                                           |}.|\n',
    );
  });

  it('takes bytes as they were typed, and not what stands beside them', () => {
    expect(hex.write(Buffer.from('00000099: 7B22 6\t1'.replace('6\t1', '61') + ' |nothing of this|\r\n\n0a0b'), undefined)).toEqual(
      Buffer.from('7b22610a0b', 'hex'),
    );
  });

  it.each([
    ['00\n00000000: 7b zz |..|', 2, 14],
    ['00000000: 7b 2', 1, 14],
    ['\xff', 1, 1],
  ])('%j is wrong at %i:%i', (text, line, column) => {
    expect(() => hex.write(Buffer.from(text, 'latin1'), undefined)).toThrow(
      expect.objectContaining({ code: 'invalid_value', place: { line, column } }) as Error,
    );
  });
});

describe('base64', () => {
  it.each([
    ['YQ==', 'bc', 'YmM='],
    ['YQ', 'bc', 'YmM'],
    ['-_8\n', '\xfb\xff\xfe', '-__-\n'],
    ['YWJj\r\nZGVm\r\n', 'abcdefghi', 'YWJj\r\nZGVm\r\nZ2hp\r\n'],
  ])('%j, changed to %j, is written %j', (original, text, expected) => {
    expect(base64.write(Buffer.from(text, 'latin1'), Buffer.from(original)).toString()).toBe(expected);
  });

  it('of a megabyte of spaces is written in no time', () => {
    const original = `YWJj${' '.repeat(1_000_000)}YmM=\n`;
    expect(base64.write(Buffer.from('b'), Buffer.from(original)).toString()).toBe('Yg==\n');
  });

  it.each(['a', 'YQ=', 'Y Q=!', '+-aa', '====', '{"a":1}'])('%j is none', (text) => {
    expect(() => base64.show(Buffer.from(text))).toThrow(/no base64/);
  });
});

describe('gzip', () => {
  it('compresses again at the level of before, and keeps the header', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.boolean(), (at, named) => {
        const [was, now] = ['abc'.repeat(3000), 'abd'.repeat(2000) + 'abc'.repeat(1000)].map((text) => Buffer.from(text)) as [
          Buffer,
          Buffer,
        ];
        const plain = gzipSync(was, { level: at });
        const name = Buffer.from(named ? 'app.conf\0' : '');
        const header = Buffer.concat([plain.subarray(0, 10), name]);
        header[3] = named ? 8 : 0;
        header.writeUInt32LE(1_700_000_000, 4);
        const written = gzip.write(now, Buffer.concat([header, plain.subarray(10)]));
        expect(written.subarray(0, header.length)).toEqual(header);
        expect(gunzipSync(written)).toEqual(now);
        const body = written.subarray(header.length, -8);
        const levels = [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((l) => deflateRawSync(was, { level: l }).equals(plain.subarray(10, -8)));
        expect(levels.some((l) => deflateRawSync(now, { level: l }).equals(body))).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it('keeps what comes after it: NULs that fill a block, and whatever there is after a NUL', () => {
    for (const behind of ['\0\0\0', '\0more'].map((text) => Buffer.from(text))) {
      const original = Buffer.concat([gzipSync('was', { level: 9 }), behind]);
      expect(gzip.show(original).toString()).toBe('was');
      expect(gzip.write(Buffer.from('now'), original)).toEqual(Buffer.concat([gzipSync('now', { level: 9 }), behind]));
    }
  });

  it('refuses what is none, a part of one, and what would fill the memory', () => {
    expect(() => gzip.show(Buffer.from('text'))).toThrow(/gzip has not made it/);
    expect(() => gzip.show(gzipSync('text').subarray(0, 15))).toThrow(/not all of it/);
    expect(() => gzip.show(gzipSync(Buffer.alloc(65 * 1024 * 1024)))).toThrow(/more than 64 MiB/);
  });
});

describe('zstd', () => {
  const text = Buffer.from('abc'.repeat(3000));
  const skippable = Buffer.from('502a4d1803000000616263', 'hex');

  it('is not to be had from an older Node, which says which one has it', () => {
    const old = zstdBy(() => ({}));
    for (const ask of [() => old.show(text), () => old.write(text, undefined)]) {
      expect(ask).toThrow(expect.objectContaining({ code: 'unsupported', hint: expect.stringContaining('Node 22.15') as string }));
    }
  });

  it('refuses what is no whole value before anything is decompressed', () => {
    // Raw, repeated and last blocks, with and without a checksum, as `zstd` makes them.
    const frame = Buffer.from('28b52ffd2401090000785c7bb1d2', 'hex');
    const seen: Buffer[] = [];
    const fake = zstdBy(() => ({ zstdCompressSync: (value) => value, zstdDecompressSync: (value) => (seen.push(value), value) }));
    for (let end = 0; end < frame.length; end++) expect(() => fake.show(frame.subarray(0, end))).toThrow(/not all of it is there/);
    for (const bad of [Buffer.concat([frame, Buffer.from('junk')]), Buffer.concat([frame, frame.subarray(0, 9)]), skippable]) {
      expect(() => fake.show(bad)).toThrow(/zstd has not made it/);
    }
    expect(seen).toEqual([]);
    fake.show(Buffer.concat([skippable, frame, frame]));
    expect(seen).toEqual([frame, frame]);
  });

  it.runIf(hasZstd)('shows all frames, and refuses a part of one and what would fill the memory', () => {
    const [one, other] = [zstdSync(text), zstdSync(Buffer.from('def'), { 201: 1 })];
    expect(zstd.show(Buffer.concat([one, skippable, other])).toString()).toBe(`${text.toString()}def`);
    for (const value of [one, other])
      for (let end = 0; end < value.length; end++) expect(() => zstd.show(value.subarray(0, end))).toThrow();
    other[other.length - 1] = (other.at(-1) as number) ^ 1;
    expect(() => zstd.show(other)).toThrow(/damaged/);
    expect(() => zstd.show(zstdSync(Buffer.alloc(65 * 1024 * 1024)))).toThrow(/more than 64 MiB/);
  });

  it.runIf(hasZstd)('of several frames is written as it was, and not otherwise: nobody knows what the others are for', () => {
    const one = zstdSync(text);
    for (const value of [
      [one, one],
      [one, skippable],
      [skippable, one],
    ].map((frames) => Buffer.concat(frames))) {
      expect(zstd.write(zstd.show(value), value)).toBe(value);
      expect(() => zstd.write(Buffer.from('x'), value)).toThrow(expect.objectContaining({ code: 'unsupported' }));
    }
  });

  it.runIf(hasZstd)('keeps the checksum and the size, or that there are none', () => {
    for (const [size, sum] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const) {
      const written = zstd.write(Buffer.from('new'.repeat(100)), zstdSync(text, { 200: size, 201: sum }));
      const descriptor = written[4] as number;
      expect([descriptor & 0xe0 ? 1 : 0, descriptor & 4 ? 1 : 0]).toEqual([size, sum]);
      expect(zstd.show(written).toString()).toBe('new'.repeat(100));
    }
  });
});
