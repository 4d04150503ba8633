import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, frameReader } from '../../../src/host/wire.js';

function readAll(chunks: Buffer[]): { frames: unknown[]; garbage: string[] } {
  const [frames, garbage]: [unknown[], string[]] = [[], []];
  const read = frameReader(
    (frame) => frames.push(frame),
    (why) => garbage.push(why),
  );
  for (const chunk of chunks) read(chunk);
  return { frames, garbage };
}

describe('wire', () => {
  it('carries any frame whole, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 20 }), (values, size) => {
        const bytes = Buffer.from(values.map((value) => encodeFrame(value)).join(''));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
        expect(readAll(chunks).frames).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
  });

  it('is ASCII, one line, and without NUL, which Vim would drop', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = encodeFrame([text]);
        expect(line).toMatch(/^[\x20-\x7e]*\n$/);
        expect(JSON.parse(line)).toEqual([text.replaceAll('\0', '\u2400')]);
      }),
      { examples: [['\x7f'], ['\0'], ['\\u0000'], ['\\\0'], ['\\\\u0000']] },
    );
  });

  it('goes on with the next line after garbage', () => {
    const { frames, garbage } = readAll([Buffer.from('{"a":\n\n[1]\nnull x\n[2]\n')]);
    expect(frames).toEqual([[1], [2]]);
    expect(garbage).toHaveLength(2);
  });

  it('drops a line that is too long without keeping it', () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const { frames, garbage } = readAll([...Array.from({ length: 20 }, () => chunk), Buffer.from('\n[1]\n')]);
    expect(frames).toEqual([[1]]);
    expect(garbage).toHaveLength(1);
  });
});
