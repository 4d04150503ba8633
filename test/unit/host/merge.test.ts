import { describe, expect, it } from 'vitest';
import { mergeTexts } from '../../../src/host/merge.js';

/** Of three texts, ours as the lines of an editor. */
const merge = (base: string, ours: string, theirs: string) => mergeTexts(...([base, ours, theirs].map(Buffer.from) as Texts));
type Texts = [Buffer, Buffer, Buffer];

const YAML = '# top\na: 1\nb: 2 # two\n';
const OURS = '# top\na: 9\nb: 2 # two';
const THEIRS = '# top, new\na: 1\nb: 2 # two\n# three\nc: 3\n';
const MERGED = '# top, new\na: 9\nb: 2 # two\n# three\nc: 3';
const crlf = (text: string) => text.replaceAll('\n', '\r\n');

describe('a merge into the lines of a buffer', () => {
  it.each([
    ['with a newline at the end', (text: string) => text],
    ['without one', (text: string) => text.trimEnd()],
    ['of CRLF', crlf],
    ['with a mark of the byte order', (text: string) => `\ufeff${text}`],
  ])('keeps what theirs adds to YAML on lines of its own, of values %s', async (_, as) => {
    expect(await merge(as(YAML), OURS, as(THEIRS))).toEqual({ text: MERGED });
    expect(await merge(as(YAML), OURS, THEIRS)).toEqual({ text: MERGED });
  });

  it('keeps a return that the buffer shows', async () => {
    const mixed = 'a: 1\r\nb: 2\nc: 3\n';
    expect(await merge(mixed, 'a: 1\r\nb: 2\nc: 4', mixed.replace('1', '7'))).toEqual({ text: 'a: 7\r\nb: 2\nc: 4' });
  });

  it('keeps the style of JSON that has a mark of the byte order, or CRLF', async () => {
    const [base, ours, theirs] = ['{"a":1,\n"b":[2]}\n', '{"a":9,\n"b":[2]}', '{"a":1,\n"b":[2,\n3]}\n'];
    const text = '{"a":9,\n"b":[2,\n3]}';
    expect(await merge(`\ufeff${base}`, ours, `\ufeff${theirs}`)).toEqual({ text });
    expect(await merge(crlf(base), ours, crlf(theirs))).toEqual({ text });
  });

  it('keeps empty lines at the end', async () => {
    expect(await merge('a: 1\nb: 2\n\n', 'a: 1\nb: 3\n', 'a: 2\nb: 2\n\n')).toEqual({ text: 'a: 2\nb: 3\n' });
  });
});
