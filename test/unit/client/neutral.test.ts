/** The client and the keyspace know no editor: no message or comment of theirs has a word that belongs to one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../../src/', import.meta.url));
const files = ['client', 'keyspace'].flatMap((room) =>
  readdirSync(join(source, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(room, file)),
);

/** Ex commands, the variable of the settings, and words that only an editor has. `Buffer` is Node's, `etcd:…` an address. */
const EDITORS =
  /\bg:etcd|(?<![\w:]):(?:e|w|r|sp|split|help|h|Etcd|ed|edit|wri|write)\b|(?<!node:|\.)\bbuffers?\b(?!: Buffer)|\b[Ee]ditors?\b|\b(?:Neov|V)im\b|\bautoload\b/;

it.each([
  ...[
    'check g:etcd.cert',
    ':e! takes theirs',
    "hint: ':w tries again'",
    '`:Etcd log`',
    ':help etcd',
    'of a buffer',
    'an editor',
    'Vim',
    'Neovim',
  ],
])('%j is a word of an editor', (text) => {
  expect(text).toMatch(EDITORS);
});

it.each([
  'Buffer.from(x)',
  'etcd:e',
  'a ? b : e',
  'maxBuffer: 1',
  'value: Buffer',
  'buffer: Buffer;',
  "from 'node:buffer'",
  'bytes.buffer',
  'buffer: Buffer;',
  'http://x:w',
  "from 'etcd.vim'",
])('%j is none', (text) => {
  expect(text).not.toMatch(EDITORS);
});

it.each(files)('%s has none', (file) => {
  const lines = readFileSync(join(source, file), 'utf8').split('\n');
  expect(lines.flatMap((line, index) => (EDITORS.test(line) ? [`${index + 1}: ${line.trim()}`] : []))).toEqual([]);
});

it('is asked of every file', () => {
  expect(files).toEqual(
    expect.arrayContaining(['client/errors.ts', 'client/subjects.ts', 'keyspace/address.ts', 'keyspace/listing/level.ts']),
  );
});
