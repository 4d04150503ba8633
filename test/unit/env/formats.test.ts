/** What each format writes, checked with rules of its readers. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'dotenv';
import { formats, type Written } from '../../../src/env/formats/index.js';

const VALUES: Readonly<Record<string, string | Buffer>> = {
  plain: 'production',
  nothing: '',
  spaces: ' a  b ',
  lines: 'a\nb\n\n',
  returns: 'a\r\nb\r',
  'single quotes': "it's",
  'double quotes': 'say "x"',
  'both quotes': `it's "x"`,
  'all quotes': `'a' "b" \`c\``,
  backslashes: '\\n \\ \\\\',
  'a backslash at the end': 'C:\\',
  shell: '$HOME ${HOME} $(id) `id` !! ; & | * ?',
  hash: '# no comment',
  equals: 'a=b',
  letters: 'ä € 𝄞',
  controls: '\x01\x1b\x7f',
  'separators of lines': 'a\u2028"b"\u2029',
  heredoc: 'EOF\nA<<EOF',
  'no text': Buffer.from([0x61, 0xff, 0xfe, 0x62]),
};
const cases = Object.entries(VALUES).map(([what, value]) => ({ what, value: Buffer.from(value as string) }));
const surrounded = (value: Buffer): Written[] => [
  { name: 'BEFORE', value: Buffer.from("b'") },
  { name: 'V', value },
  { name: 'AFTER', value: Buffer.from('a') },
];

/** The three values as a reader gets them. */
type Reader = (bytes: Buffer) => (Buffer | string | undefined)[];

const NAMES = ['BEFORE', 'V', 'AFTER'];
const has = (command: string): boolean => spawnSync(command, ['-c', 'true']).status === 0;

const byShell =
  (shell: string): Reader =>
  (bytes) => {
    const { stdout } = spawnSync(shell, ['-c', 'eval "$(cat)"; exec env -0', 'x'], { input: bytes });
    return entries(stdout);
  };

function entries(bytes: Buffer): (Buffer | undefined)[] {
  const all = bytes.toString('latin1').split('\0');
  return NAMES.map((name) => all.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1)).map((value) =>
    value === undefined ? undefined : Buffer.from(value, 'latin1'),
  );
}

const byName = (values: Record<string, string | undefined>) => NAMES.map((name) => values[name]);

/** systemd.exec(5), EnvironmentFile=: in double quotes a backslash protects these four, and removes a newline. */
function bySystemd(bytes: Buffer): (string | undefined)[] {
  const pairs = [...bytes.toString('utf8').matchAll(/^([A-Z]+)="((?:\\[^]|[^"\\])*)"$/gm)];
  return byName(
    Object.fromEntries<string | undefined>(
      pairs.map(([, name, text]) => [name as string, text?.replaceAll(/\\(["\\`$])|\\\n/g, '$1')] as const),
    ),
  );
}

/** opts/envfile of docker/cli: lines, trimmed at the left, split at the first "=". */
function byDocker(bytes: Buffer): (string | undefined)[] {
  const lines = bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return byName(Object.fromEntries(lines.map((line) => /^([^=]+)=([^]*)$/.exec(line.trimStart())?.slice(1) as [string, string])));
}

/** FileCommandManager of actions/runner: `NAME<<WORD`, lines up to that word; a newline may be \r\n. */
function byGithub(bytes: Buffer): (string | undefined)[] {
  const pairs = [...bytes.toString('utf8').matchAll(/^([A-Z]+)<<(\S+)\n([^]*?)\r?\n\2\n/gm)];
  return byName(Object.fromEntries<string | undefined>(pairs.map(([, name, , text]) => [name as string, text] as const)));
}

/** strconv.Unquote of Go. */
function byGo(bytes: Buffer): Buffer[] {
  return bytes
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => unquoted(line.slice(line.indexOf('=') + 1)));
}

function unquoted(text: string): Buffer {
  const short: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', '"': '"' };
  const parts = [...text.matchAll(/\\x(..)|\\u(....)|\\U(........)|\\(.)|([^\\]+)/gu)];
  return Buffer.concat(
    parts.map(([, byte, four, eight, one, plain]) => {
      if (byte !== undefined) return Buffer.from([parseInt(byte, 16)]);
      return Buffer.from(plain ?? (one === undefined ? String.fromCodePoint(parseInt(four ?? eight ?? '', 16)) : (short[one] as string)));
    }),
  );
}

const READERS: { format: string; reader: string; read: Reader; refuses?: string[] }[] = [
  { format: 'env', reader: 'strconv.Unquote', read: byGo },
  { format: 'sh', reader: 'dash', read: byShell('dash') },
  { format: 'sh', reader: 'bash', read: byShell('bash') },
  { format: 'fish', reader: 'fish', read: byShell('fish') },
  { format: 'nul', reader: '/proc/PID/environ', read: entries },
  { format: 'json', reader: 'JSON.parse', read: (it) => byName(JSON.parse(String(it)) as Record<string, string>), refuses: ['no text'] },
  { format: 'dotenv', reader: 'dotenv', read: (it) => byName(parse(it)), refuses: ['all quotes', 'no text'] },
  { format: 'docker', reader: 'docker', read: byDocker, refuses: ['lines', 'returns', 'heredoc', 'no text'] },
  { format: 'systemd', reader: 'systemd', read: bySystemd, refuses: ['returns', 'controls', 'no text'] },
  { format: 'github', reader: 'actions/runner', read: byGithub, refuses: ['returns', 'no text'] },
];

describe.each(READERS)('$format, read by $reader', ({ format, reader, read, refuses = [] }) => {
  const write = formats[format] as (typeof formats)[string];
  const isHere = !['dash', 'bash', 'fish'].includes(reader) || has(reader);

  it.skipIf(!isHere).each(cases)('$what', ({ what, value }) => {
    const variables = surrounded(value);
    if (refuses.includes(what)) {
      expect(() => write(variables)).toThrow(
        expect.objectContaining({ code: 'invalid_value', message: expect.stringMatching(/^V cannot be/) as string }) as Error,
      );
      return;
    }
    expect(read(write(variables)).map((it) => Buffer.from(it as string))).toEqual(variables.map((it) => it.value));
  });
});

it('github has no name that reads as the head of several lines', () => {
  const write = formats['github'] as (typeof formats)[string];
  expect(() => write([{ name: 'A<<B', value: Buffer.from('1') }])).toThrow(/its name has a "<<"/);
});

it('knows no other format', () => {
  expect([...new Set(READERS.map(({ format }) => format))].sort()).toEqual(Object.keys(formats).sort());
});
