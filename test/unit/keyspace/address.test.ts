import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { keyOf } from '../../../src/client/index.js';
import { encodeSegments, formatAddress, parseAddress, writeWith } from '../../../src/keyspace/address.js';

const bytes = (hostile: readonly string[]) =>
  fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((array) => Buffer.from(array).toString('latin1')),
    fc.array(fc.constantFrom(...hostile), { minLength: 1, maxLength: 8 }).map((parts) => keyOf(parts.join(''))),
  );
const key = bytes([
  '/',
  '//',
  '.',
  '..',
  './',
  '%',
  '%2F',
  '?',
  '?rev=1',
  'a',
  'é',
  '日本',
  '\u202e',
  '\u200b',
  '\ufeff',
  '\u3164',
  ' ',
  '+',
  '~',
  '|',
  '`',
]);
const MANY = { numRuns: 100_000 };
const SOME = { numRuns: 20_000 };

describe('address', () => {
  it('gives every key one address, and that address back the key (10^5 random keys)', () => {
    fc.assert(
      fc.property(key, (k) => {
        const address = formatAddress({ profile: '', kind: 'key', key: k });
        expect(parseAddress(address)).toEqual({ profile: '', kind: 'key', key: k });
      }),
      MANY,
    );
  });

  it('gives every prefix that ends in a slash one address, and that address back the prefix', () => {
    fc.assert(
      fc.property(key, (k) => {
        const prefix = `${k}/`;
        const address = formatAddress({ profile: 'p', kind: 'prefix', key: prefix });
        expect(parseAddress(address)).toEqual({ profile: 'p', kind: 'prefix', key: prefix });
      }),
      SOME,
    );
  });

  it('is canonical: formatting what was parsed changes nothing', () => {
    fc.assert(
      fc.property(key, fc.constantFrom('etcd:', 'etcd:/', 'etcd:///', 'etcd:/./', 'etcd:./'), (k, scheme) => {
        // '?' begins a query, and '//' right after the scheme a profile.
        const typed = scheme + k.replaceAll('?', '').replace(/^\/+/, '');
        const once = formatAddress(parseAddress(typed));
        expect(formatAddress(parseAddress(once))).toBe(once);
      }),
      SOME,
    );
  });

  it('holds no byte that an editor, a terminal or a shell could take for more than a name', () => {
    fc.assert(
      fc.property(key, (k) => {
        const address = formatAddress({ profile: '', kind: 'key', key: k });
        expect(address).toMatch(/^etcd:\/\/\/[A-Za-z0-9._~/:=,+%\-\p{L}\p{M}\p{N}]*$/u);
        expect(address).not.toMatch(/\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}/u);
        expect(address).not.toMatch(/\/\.\.?(\/|$)(?<!^etcd:\/\/\/\.\/)/);
      }),
      SOME,
    );
  });

  it.each([
    ['etcd:/app/x', 'etcd:///app/x'],
    ['etcd:///app/x', 'etcd:///app/x'],
    ['etcd://staging/app/x', 'etcd://staging/app/x'],
    ['etcd:by-dev/x', 'etcd:///./by-dev/x'],
    ['etcd:./by-dev/x', 'etcd:///./by-dev/x'],
    ['etcd:/app/', 'etcd:///app/'],
    ['etcd:/', 'etcd:///'],
    ['etcd:/./', 'etcd:///./'],
    ['etcd:/a b', 'etcd:///a%20b'],
    ['etcd:/a@b', 'etcd:///a%40b'],
    ['etcd:/100%', 'etcd:///100%25'],
    ['etcd:/é', 'etcd:///é'],
    ['etcd:/a%2F', 'etcd:///a%2F'],
    ['etcd:/a%2Fb', 'etcd:///a/b'],
    ['etcd:/a/../b', 'etcd:///a/%2E%2E/b'],
    ['etcd:/x?rev=7', 'etcd:///x?rev=7'],
    ['etcd:/x/?edit', 'etcd:///x/?edit'],
    ['etcd:/x?edit', 'etcd:///x/?edit'],
    ['etcd:x/?edit=all', 'etcd:///./x/?edit=all'],
    ['etcd:/./%2F', 'etcd:///./%2F'],
    ['etcd:/a//b', 'etcd:///a//b'],
    ['etcd:/app/?yaml', 'etcd:///app/?yaml'],
    ['etcd:/app?yaml', 'etcd:///app/?yaml'],
    ['etcd:/a%2F?json', 'etcd:///a//?json'],
    ['etcd:/app/?rev=14&jsonl', 'etcd:///app/?jsonl&rev=14'],
    ['etcd:?env', 'etcd:///./?env'],
    ['etcd:/app/%3Fyaml', 'etcd:///app/%3Fyaml'],
    ['etcd:/app/x?as=json', 'etcd:///app/x?as=json'],
    ['etcd:/app/x?rev=14&as=hex', 'etcd:///app/x?as=hex&rev=14'],
    ['etcd:/a%2F?as=text', 'etcd:///a%2F?as=text'],
  ])('%s is %s', (typed, canonical) => {
    expect(formatAddress(parseAddress(typed))).toBe(canonical);
  });

  it('is a document of a prefix where a format is asked for', () => {
    const document = { profile: '', kind: 'prefix', key: '/app/', format: 'yaml' };
    expect(parseAddress('etcd:/app?yaml')).toEqual(document);
    expect(parseAddress('etcd:///app/?yaml&rev=14')).toEqual({ ...document, revision: '14' });
  });

  it.each(['etcd:', 'etcd://', 'etcd://staging'])('%s is everything', (typed) => {
    expect(parseAddress(typed)).toMatchObject({ kind: 'prefix', key: '', top: true });
  });

  it.each([
    'http://x',
    'etcd:/x?ref=1',
    'etcd:/x?rev=0',
    'etcd:/x?rev=-1',
    'etcd:/x?yaml&json',
    'etcd:/x?',
    'etcd:/x?rev=1&rev=2',
    'etcd:/x?as=xml',
    'etcd:/x?as=json&as=hex',
    'etcd:/x?as=json&json',
    'etcd:/x/?as=json',
    'etcd:?as=json',
    'etcd://a b/x',
    'etcd://user:pw@host/x',
  ])('refuses %s', (typed) => {
    expect(() => parseAddress(typed)).toThrow(expect.objectContaining({ code: 'invalid_address' }) as Error);
  });

  it('writes bytes that are no UTF-8 one by one', () => {
    expect(encodeSegments('\xff\xc3\xa9\xc3')).toBe('%FFé%C3');
  });

  it.each([
    ['etcd:/x', 'etcd://staging/x'],
    ['etcd:x', 'etcd://staging/./x'],
    ['etcd:', 'etcd://staging/./'],
    ['etcd:/x?rev=7', 'etcd://staging/x?rev=7'],
    ['etcd:///x', 'etcd:///x'],
    ['etcd://prod/x', 'etcd://prod/x'],
  ])('with a profile in use %s is %s', (typed, canonical) => {
    expect(formatAddress(parseAddress(typed, 'staging'))).toBe(canonical);
  });
});

describe('address in an editor without Unicode', () => {
  afterEach(() => {
    writeWith(undefined);
  });

  it.each([
    ['äöüß', 'grüße', 'grüße'],
    ['äöüß', '中文/ü', '%E4%B8%AD%E6%96%87/ü'],
    ['', 'grüße', 'gr%C3%BC%C3%9Fe'],
  ])('whose encoding has beyond ASCII %j, %j is written %j, and is the same key', (letters, key, written) => {
    writeWith(letters);
    const address = formatAddress({ profile: '', kind: 'key', key: keyOf(`/${key}`) });
    expect(address).toBe(`etcd:///${written}`);
    expect(parseAddress(address).key).toBe(keyOf(`/${key}`));
    expect(parseAddress(`etcd:/${key}`).key).toBe(keyOf(`/${key}`));
  });
});
