/** Values that are hard to bring through an editor unharmed. */
import { randomOf } from './random.mjs';

export type Values = (string | Buffer)[];

/** All parts, one after the other. */
export const bytes = (...parts: (string | number[])[]): Buffer => Buffer.concat(parts.map((part) => Buffer.from(part as string)));
const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const wide = (text: string): Buffer => Buffer.from(Uint32Array.from(Array.from(text), (char) => char.codePointAt(0) as number).buffer);
export const BOM = '\ufeff';
export const TEXT = 'Grüße,\n中文 and 😀\n\nlast\n';

/** Rows of values that editors are known to harm. */
export const SPECIAL: Record<string, Values> = {
  empty: [''],
  'a newline alone': ['\n'],
  'no final newline': ['one\ntwo', 'x', TEXT.trimEnd()],
  'only newlines': ['\n\n', '\n\n\n\n\n'],
  'CRLF on every line': ['one\r\ntwo\r\n', 'one\r\ntwo', '\r\n', '\r\n\r\n', TEXT.replaceAll('\n', '\r\n')],
  'CRLF on some lines': ['one\r\ntwo\n', 'one\ntwo\r\n', 'one\r\ntwo\nthree', '\n\r\n', '\r\n\n'],
  'lone CR': ['one\rtwo\r', 'one\rtwo', '\r', '\r\r\n', 'one\r\r\ntwo\r\n', 'one\r\ntwo\r', 'one\rtwo\nthree\r\n', '\n\r'],
  'a byte order mark': [BOM, `${BOM}\n`, `${BOM}one\ntwo\n`, `${BOM}one\r\ntwo`, `${BOM}${BOM}one`, bytes(BOM, [0xff], '\n')],
  'U+FEFF inside': [`one${BOM}two\n`, `one\n${BOM}two\n`, `one\ntwo${BOM}`],
  NUL: ['\0', 'one\0two\n', '\0\n\0\n', 'one\n\0', '\0\r\n', `${'\0'.repeat(300)}\n`],
  latin1: [
    Buffer.from('caf\xe9\nna\xefve\n', 'latin1'),
    Buffer.from('\x80\x9f\xa0\xff', 'latin1'),
    Buffer.from('\xe9\r\n\xe9\r\n', 'latin1'),
  ],
  'UTF-16 LE with a byte order mark': ['', 'a', TEXT, TEXT.replaceAll('\n', '\r\n'), 'a\ud800b\n'].map((it) =>
    Buffer.from(BOM + it, 'utf16le'),
  ),
  'UTF-16 BE with a byte order mark': ['', 'a', TEXT, TEXT.replaceAll('\n', '\r\n'), '\udc00\n'].map((it) => swapped(BOM + it)),
  'UTF-16 without a byte order mark': [Buffer.from(TEXT, 'utf16le'), swapped(TEXT), Buffer.from(`${BOM}odd`, 'utf16le').subarray(0, -1)],
  'UTF-32': [
    wide(BOM + TEXT),
    wide(BOM + TEXT).swap32(),
    wide(TEXT),
    wide(BOM + TEXT).subarray(0, -2),
    bytes([255, 254, 0, 0, 0, 0, 255, 255]),
  ],
  'invalid UTF-8': [
    bytes('one\n', [0xff], 'two\n'),
    bytes([0xc0, 0x80], '\n', [0xed, 0xa0, 0x80], '\n', [0xf4, 0x90, 0x80, 0x80], '\n', [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80], '\n'),
    bytes([0x80, 0xbf], '\r\n', [0xe4, 0xb8], 'x\r\n'),
    Buffer.from(Uint8Array.from({ length: 256 }, (_, index) => index)),
  ],
  'UTF-8 cut off at the end': [bytes('one\n', [0xe4, 0xb8]), bytes([0xf0, 0x9f, 0x98]), bytes('-', [0xd4]), bytes('a\r\n', [0xc3])],
  '^Z at the end of a dos file': ['one\r\ntwo\r\n\x1a', 'one\r\n\x1a\r\n', '\x1a', 'one\n\x1a', 'a\r\n\x1a\x1a', 'a\r\nb\x1a'],
};

export const HUGE: Record<string, Values> = {
  '1.4 MB in one line': ['0123456789 äöü '.repeat(77_000)],
  '200,000 lines': ['line 7\n'.repeat(200_000)],
};

/** Bytes, text with mixed line ends, broken UTF-8, byte order marks; 0 to 4 kB. The same for the same seed. */
export function randomValues(seed: number, count: number): Buffer[] {
  const random = randomOf(seed);
  const below = (limit: number): number => random.within(0, limit);
  const pick = random.oneOf;
  const atoms = [
    'word ',
    'é',
    '中',
    '😀',
    'e\u0301',
    '\n',
    '\r\n',
    '\r',
    '\0',
    '\x1a',
    BOM,
    '\t',
    [0xff],
    [0xc3],
    [0xe4, 0xb8],
    [0xed, 0xa0, 0x80],
  ];
  const heads = ['', '', '', BOM, [0xff, 0xfe], [0xfe, 0xff], [0xff, 0xfe, 0, 0], [0, 0, 0xfe, 0xff]];
  return Array.from({ length: count }, () => {
    const length = below(below(8) === 0 ? 4096 : 200);
    if (below(4) === 0)
      return bytes(
        pick(heads),
        Array.from({ length }, () => below(256)),
      );
    const few = Array.from({ length: 1 + below(atoms.length) }, () => pick(atoms));
    const text = bytes(pick(heads), ...Array.from({ length: length >> 2 }, () => pick(few)));
    return below(6) === 0 ? Buffer.from(text.toString(), 'utf16le') : text;
  });
}

/** The beginning of a value, for the message of a test that fails. */
export function shown(value: Buffer): string {
  return `${JSON.stringify(value.subarray(0, 150).toString('latin1'))}${value.length > 150 ? `… (${value.length} bytes)` : ''}`;
}
