/** Which variables a prefix gives. */
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../../src/cli/split.js';
import { compose, explain } from '../../../src/env/compose.js';
import { matches } from '../../../src/env/globs.js';
import { nameOf, USUAL } from '../../../src/env/names.js';
import type { Source } from '../../../src/env/read.js';
import { variablesOf, type Choice } from '../../../src/env/variables.js';

const CHOICE: Choice = { depth: 'children', style: USUAL, only: [], except: [], allow: [] };
const source = (prefix: string, values: Record<string, string | Buffer>, revision = '1'): Source => ({
  key: prefix,
  prefix,
  kvs: Object.entries(values).map(([name, value]) => ({
    ...{ key: prefix + name, value: Buffer.from(value as string), modRevision: revision },
    ...{ createRevision: '1', version: '1', lease: '0' },
  })),
});
const of = (sources: Source[], choice: Partial<Choice> = {}) => variablesOf(sources, { ...CHOICE, ...choice });
const values = (...args: Parameters<typeof of>) => Object.fromEntries(of(...args).variables.map((it) => [it.name, String(it.value)]));

it.each([
  ['db', 'DB'],
  ['db-host', 'DB_HOST'],
  ['WE-IRD.K', 'WE_IRD_K'],
  ['1st', '_1ST'],
  ['\xc3\xa4', '_'],
  ['a b', 'A_B'],
])('%j is %s', (part, name) => {
  expect(nameOf(part, USUAL)).toBe(name);
});

it('names as the user wants them', () => {
  expect(nameOf('db-host', { ...USUAL, prefix: 'app_' })).toBe('APP_DB_HOST');
  expect(nameOf('db-host', { ...USUAL, upcase: false })).toBe('db_host');
  expect(nameOf('\xc3\xa4.b', { ...USUAL, raw: true })).toBe('ä.b');
});

describe('a prefix', () => {
  const app = source('/app/', { db: 'old', 'sub/db': 'new', 'sub/x': '1' });

  it('gives its children, its leaves by their last part, or all by their path', () => {
    expect(values([app])).toEqual({ DB: 'old' });
    expect(values([app], { depth: 'last' })).toEqual({ DB: 'old,new', X: '1' });
    expect(values([app], { depth: 'path' })).toEqual({ DB: 'old', SUB_DB: 'new', SUB_X: '1' });
  });

  it('of two keys of one name is refused, and both are named', () => {
    const both = source('/app/', { 'a-b': '1', a_b: '2' });
    expect(() => of([both])).toThrow('/app/a-b and /app/a_b would both be A_B');
    expect(values([both], { depth: 'last' })).toEqual({ A_B: '1,2' });
  });

  it('that comes last wins, which is told', () => {
    const found = of([app, source('/host/', { db: 'host' }, '7')]);
    expect(found.variables).toMatchObject([{ name: 'DB', keys: ['/host/db'], revision: '7' }]);
    expect(found.left).toContainEqual({ key: '/app/db', name: 'DB', why: 'overridden by /host/db', unasked: false });
  });

  it.each([
    ...['MAKEFLAGS', 'GNUMAKEFLAGS', 'MFLAGS', 'LUA_INIT_5_4', 'ERL_AFLAGS', 'NPM_CONFIG_SCRIPT_SHELL', 'GOFLAGS', 'RUSTC_WRAPPER'],
    ...['RUSTFLAGS', 'CARGO_BUILD_RUSTC', 'MANPAGER', 'SUDO_EDITOR', 'SSH_ASKPASS', 'BROWSER', 'LESSCLOSE', 'OPENSSL_CONF', 'ZDOTDIR'],
    ...['DOTNET_STARTUP_HOOKS', 'COR_PROFILER', 'CORECLR_PROFILER_PATH', 'CLASSPATH', 'PHPRC', 'PHP_INI_SCAN_DIR', 'BUNDLE_GEMFILE'],
    ...['GEM_HOME', 'R_PROFILE_USER', 'VIMINIT', 'EXINIT', 'HOME', 'XDG_CONFIG_HOME', 'SSLKEYLOGFILE'],
  ])('does not give %s', (name) => {
    expect(of([source('/e/', { [name]: '1' })]).left).toMatchObject([{ name, refused: true }]);
  });

  it.each(['X\nLD_PRELOAD', 'X\r', 'X\x1b[2J', 'X\x7f', 'X\xe2\x80\xa8LD_PRELOAD', 'X=Y', 'X\0'])('gives no raw name %j', (name) => {
    const raw = { style: { ...USUAL, raw: true } };
    expect(of([source('/e/', { [name]: '1' })], raw)).toMatchObject({ variables: [], left: [{ why: 'no variable can have that name' }] });
  });

  it('gives no name that runs code, nothing with a NUL, nothing that is not asked for', () => {
    const names = ['path', 'ld_preload', 'node_options', 'pythonpath', 'bash_env', 'etcdctl_user', 'rubyopt', 'ps4'];
    const evil = source('/e/', Object.fromEntries([...names, 'good'].map((name) => [name, '1'])));
    expect(values([evil])).toEqual({ GOOD: '1' });
    expect(of([evil]).left.map(({ unasked }) => unasked)).toEqual(names.map(() => true));
    expect(values([evil], { allow: ['PATH'] })).toEqual({ GOOD: '1', PATH: '1' });
    expect(() => of([source('/n/', { a: Buffer.from([97, 0]) })])).toThrow('/n/a has a NUL byte');
    expect(values([app], { depth: 'path', only: ['SUB_*'], except: ['*X'] })).toEqual({ SUB_DB: 'new' });
  });
});

it('is put together with what is inherited, and explained without a value', () => {
  const found = of([source('/a/', { x: 'secret', y: 'secret' })]);
  const rules = { keep: true, pristine: false, pass: [], set: [['Z', 'set']] as const, require: ['X'] };
  const composed = compose(found, new Set(['X', 'HOME']), rules);
  expect(composed.set.map(({ name }) => name)).toEqual(['Y', 'Z']);
  expect(explain(composed)).toBe('Y\t/a/y\trev 1\nX\t/a/x\tnot set: the environment has it, and -keep is set\n');
  expect(compose(found, new Set(['P', 'HOME']), { ...rules, keep: false, pristine: true, pass: ['H*'] }).unset).toEqual(['P']);
  expect(() => compose(found, new Set(), { ...rules, require: ['NONE', 'X'] })).toThrow('NONE is required, and not there');
});

it.each([
  ['A*', 'AB', true],
  ['*', '', true],
  ['*B*D', 'ABCD', true],
  ['A?C', 'ABC', true],
  ['A?C', 'AC', false],
  ['A', 'AB', false],
  ['*A', 'AB', false],
  ['A.', 'AB', false],
])('the glob %s and %j: %j', (glob, name, is) => {
  expect(matches([glob], name)).toBe(is);
});

it.each([
  ['-s -key=/a/  sh', ['-s', '-key=/a/', 'sh']],
  [`-s 'a b' "c d"e ''`, ['-s', 'a b', 'c de', '']],
  ['-s a\\_b \\"x\\"', ['-s', 'a b', '"x"']],
  ['-s ${HOME}/x "${HOME}" \'${HOME}\'', ['-s', '/h/x', '/h', '${HOME}']],
])('-s splits %j', (text, words) => {
  expect(splitWords(text, { HOME: '/h' })).toEqual(words);
});
