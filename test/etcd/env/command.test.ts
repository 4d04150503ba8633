/** The command becomes the process: its id, its exit code, its signals, its stdin, its bytes. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEtcd, type TestEtcd } from '../../harness/etcd.js';
import { ETCDENV, etcdenv, run, type Run } from '../../harness/etcdenv.js';
import { freePort } from '../../harness/port.js';

let server: TestEtcd;
let dir: string;
beforeAll(async () => {
  server = await startEtcd();
  dir = mkdtempSync(join(tmpdir(), 'etcd-vim-env-'));
  await server.put('/app/db', 'production');
  writeFileSync(join(dir, 'text'), 'text');
});
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await server.stop();
});

const on = async (args: string[], options: Run = {}) => etcdenv(['-host', server.endpoint, ...args], options);
const text = async (args: string[], options: Run = {}) => String((await on(args, options)).stdout);

it('more variables than the system lets a command have are counted, and no shell is left to say it', async () => {
  for (let i = 0; i < 30; i++) await server.put(`/long/K${i}`, 'x'.repeat(100_000));
  expect(await on(['-key=/long/', 'true'], { shell: '/bin/sh' })).toMatchObject({
    code: 125,
    stderr: expect.stringMatching(
      /^etcdenv: the command and its variables have 300\d{4} bytes together, and the system takes \d+; take fewer keys, or raise/,
    ) as unknown,
  });
});

describe('a stderr that takes nothing', () => {
  const silent = async (args: string[], options?: Run) =>
    run('/bin/sh', ['-c', '"$@" 2>/dev/full', 'x', ETCDENV, '-host', server.endpoint, ...args], options);

  it.each([[[]], [['-watch']]])('does not make a failure a success %j', async (flags) => {
    expect(await silent(['-key=/nothing/', ...flags, 'true'])).toMatchObject({ code: 125 });
    expect(await silent(['-key=/app/', ...flags, '/no/such/command'])).toMatchObject({ code: 127 });
  });

  it.each([[[]], [['-watch']]])('does not make a warning a failure %j', async (flags) => {
    await server.put('/warned/LD_PRELOAD', 'x');
    await server.put('/warned/A', '1');
    expect(await silent(['-key=/warned/', ...flags, 'sh', '-c', 'echo $A'])).toMatchObject({ code: 0, stdout: Buffer.from('1\n') });
  });
});

describe.each(['/bin/dash', '/bin/bash'])('the command is the process (%s)', (shell) => {
  const app = async (words: string[], options: Run = {}) => on(['-key=/app/', ...words], { shell, ...options });

  it('of the same id, with no parent or child of ours', async () => {
    const { stdout, pid } = await app(['sh', '-c', 'echo $$ $PPID']);
    expect(String(stdout)).toBe(`${pid} ${process.pid}\n`);
  });

  it.each([0, 7, 125, 255])('with its exit code: %d', async (code) => {
    expect(await app(['sh', '-c', `exit ${code}`])).toMatchObject({ code, signal: null, stderr: '' });
  });

  it.each(['SIGTERM', 'SIGSEGV', 'SIGKILL'] as const)('killed by %s', async (signal) => {
    expect(await app(['sh', '-c', `kill -${signal.slice(3)} $$`])).toMatchObject({ code: null, signal });
  });

  it('a signal to us is one to it', async () => {
    const during: Run['during'] = (child) => child.stdout?.once('data', () => child.kill('SIGUSR1'));
    expect(await app(['sh', '-c', 'trap "echo usr; exit 3" USR1; echo ready; while :; do sleep 0.01; done'], { during })).toMatchObject({
      code: 3,
      stdout: Buffer.from('ready\nusr\n'),
    });
  });

  it('with our stdin, and SIGPIPE as it was', async () => {
    expect(String((await app(['cat'], { input: 'in\nput' })).stdout)).toBe('in\nput');
    const piped = `"$@" | head -n 1`;
    const words = [shell, ETCDENV, '-host', server.endpoint, '-key=/app/', 'yes'];
    expect(await run('/bin/sh', ['-c', piped, 'x', ...words])).toMatchObject({ stdout: Buffer.from('y\n'), stderr: '' });
  });

  it('inherits what it would have, and nothing of a shell', async () => {
    const env = { OLD: 'a\nb', NODE_OPTIONS: '--no-warnings', DB: 'old' };
    const { stdout } = await app(['env', '-0'], { env });
    const have = String(stdout)
      .split('\0')
      .filter((entry) => !/^(?:PATH|_|SHLVL)=/.test(entry) && entry !== '');
    expect(have.sort()).toEqual(['DB=production', 'NODE_OPTIONS=--no-warnings', 'OLD=a\nb']);
  });

  it.each([
    ['quotes', Buffer.from(`'"\`$HOME $(id) \\ !! ;`)],
    ['lines', Buffer.from('a\nb\n\n')],
    ['no text', Buffer.from([0xff, 0xfe, 0x80, 1, 0x7f])],
    ['nothing', Buffer.alloc(0)],
    ['much', Buffer.alloc(100_000, 'x')],
  ])('values are bytes: %s', async (_, value) => {
    await server.put('/bytes/v', value);
    expect((await on(['-key=/bytes/', 'printenv', 'V'], { shell })).stdout).toEqual(Buffer.concat([value, Buffer.from('\n')]));
  });

  it('also without a stdout, and nobody else gives us the script', async () => {
    const words = [shell, ETCDENV, '-host', server.endpoint, '-key=/app/'];
    const closed = async (command: string[], env = {}) => run('/bin/sh', ['-c', '"$@" >&-', 'x', ...words, ...command], { env });
    expect(await closed(['sh', '-c', 'echo "$DB" >&2; exit 3'])).toMatchObject({ code: 3, stderr: 'production\n' });
    expect(await closed([], { ETCDENV_SCRIPT: 'exit 42' })).toMatchObject({ code: 125 });
    expect(await run(shell, [ETCDENV, '-nope'], { env: { ETCDENV_SCRIPT: 'exit 42' } })).toMatchObject({ code: 125 });
  });

  it('arguments are what they were', async () => {
    const words = ['', 'b c', "it's", '$HOME', '-n', '*', 'ä\n'];
    expect(String((await app(['printf', '%s|', ...words])).stdout)).toBe(words.map((word) => `${word}|`).join(''));
  });
});

describe('what fails is one line and an exit code', () => {
  it.each([
    [['-key=/app/', 'no-such-command'], 127, 'etcdenv: there is no command no-such-command\n'],
    [['-key=/app/', './text'], 126, 'etcdenv: ./text cannot be executed\n'],
    [['-nope', 'true'], 125, 'etcdenv: there is no flag -nope; etcdenv -help has them all\n'],
    [['-key'], 125, 'etcdenv: -key needs a value\n'],
    [['-timeout=5', 'true'], 125, 'etcdenv: -timeout must be a duration such as 5s or 1m30s\n'],
    [['-key=', '-r', 'true'], 125, 'etcdenv: -key is empty; -key=/ takes all\n'],
    [['-key=/zz/', 'touch', 'started'], 125, /^etcdenv: cannot read \/zz\/ \(http:\S+\): nothing under \/zz\/\n$/],
  ])('%j', async (args, code, stderr) => {
    const failed = await on(args, { cwd: dir });
    expect(failed).toMatchObject({ code, stderr: typeof stderr === 'string' ? stderr : (expect.stringMatching(stderr) as string) });
    expect(() => statSync(join(dir, 'started'))).toThrow();
  });

  it('node is missing', async () => {
    const failed = await etcdenv(['true'], { shell: '/bin/sh', env: { PATH: '/nowhere' } });
    expect(failed).toMatchObject({ code: 125, stderr: expect.stringMatching(/^etcdenv: node is not on PATH; .*\n$/) as string });
  });
});

describe('an etcd that is away', () => {
  it('starts nothing; with -fallback the command alone; with -cache what was there last', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const away = async (args: string[]) => etcdenv(['-host', nobody, '-key=/app/', ...args, 'printenv', 'DB'], { env: { DB: 'own' } });
    expect(await away([])).toMatchObject({ code: 125, stdout: Buffer.alloc(0) });
    expect(await away(['-fallback'])).toMatchObject({
      code: 0,
      stdout: Buffer.from('own\n'),
      stderr: expect.stringMatching(/going on without it/) as string,
    });
    const cache = join(dir, 'cache');
    await on(['-key=/app/', '-cache', cache, 'true']);
    expect(statSync(cache).mode & 0o777).toBe(0o600);
    expect(await away(['-cache', cache])).toMatchObject({ code: 0, stdout: Buffer.from('production\n') });
    expect((await away(['-cache', cache])).stderr).toMatch(/using .*cache, \d+ s old, revision \d+\n$/);
    writeFileSync(cache, readFileSync(cache, 'utf8').replace('"/app/"', '"/xxx/"'));
    expect(await away(['-cache', cache])).toMatchObject({ code: 125 });
  });
});

it('-explain and -o', async () => {
  await server.put('/deep/a', '1');
  await server.put('/deep/b/c', '2');
  await server.put('/deep/path', '/evil');
  expect(await text(['-key=/app/,/deep/', '-explain'])).toMatch(/^DB\t\/app\/db\trev \d+\nA\t\/deep\/a\trev \d+\n/);
  const file = join(dir, 'out');
  expect(await on(['-key=/app/', '-format=json', '-o', file])).toMatchObject({ code: 0, stdout: Buffer.alloc(0) });
  expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['{\n  "DB": "production"\n}\n', 0o600]);
});

it('a name that runs code is left out, unless it is allowed; -strict ends there', async () => {
  await server.put('/evil/ld_preload', '/tmp/evil.so');
  await server.put('/evil/good', '1');
  const args = ['-key=/evil/', '-format=env'];
  expect(await on(args)).toMatchObject({ stdout: Buffer.from('GOOD=1\n'), stderr: expect.stringContaining('-allow=LD_PRELOAD') as string });
  expect(await text(['-allow=LD_*', ...args])).toBe('GOOD=1\nLD_PRELOAD=/tmp/evil.so\n');
  expect(await on(['-strict', ...args])).toMatchObject({ code: 125, stdout: Buffer.alloc(0) });
});

it.each(['dash', 'bash'])(
  '-pristine takes away what a shell keeps for itself, and without it nothing is lost unsaid (%s)',
  async (shell) => {
    const env = { BASH_ENV: '/dev/null', PS4: 'x', COMP_X: '1', SHLVL: '7', _: 'x', 'a.b': '1' };
    const have = await on(['-key=/app/', '-i', '/usr/bin/env'], { env, shell });
    expect(have).toMatchObject({ code: 0, stdout: Buffer.from('DB=production\n'), stderr: '' });
    const { stdout, stderr } = await on(['-key=/app/', '/usr/bin/env'], { env, shell });
    expect(String(stdout).includes('a.b=1\n')).toBe(stderr === '');
    expect(shell === 'bash' || stderr.includes('sh does not hand on a.b')).toBe(true);
  },
);

describe.each(['/bin/dash', '/bin/bash'])('names that are no identifiers (%s)', (shell) => {
  beforeAll(async () => {
    for (const [name, value] of [
      ['foo-bar', "it's"],
      ['a.b', '1 $HOME'],
    ] as const)
      await server.put(`/odd/${name}`, value);
  });

  it('are written with _, for a script as for eval', async () => {
    const script = 'printf "%s|%s" "$FOO_BAR" "$A_B"';
    expect(await text(['-key=/odd/', shell, '-c', script], { shell })).toBe("it's|1 $HOME");
    const given = await on(['-key=/odd/', '-format=sh'], { shell });
    const read = await run(shell, ['-c', `eval "$1"; ${script}`, 'sh', String(given.stdout)]);
    expect(String(read.stdout)).toBe("it's|1 $HOME");
  });

  it('as they are, are refused for a command and for shells, and nothing is started or half printed', async () => {
    const why = /^etcdenv: a shell cannot hand on "(a\.b|foo-bar)"; leave it out with -except, or take names .* without -raw-names\n$/;
    const started = await on(['-key=/odd/', '-raw-names', shell, '-c', 'echo started'], { shell });
    expect(started).toMatchObject({ code: 125, stdout: Buffer.alloc(0), stderr: expect.stringMatching(why) as string });
    const printed = await on(['-key=/odd/', '-raw-names', '-format=sh'], { shell });
    expect(printed).toMatchObject({
      code: 125,
      stdout: Buffer.alloc(0),
      stderr: expect.stringMatching(/a shell has no such names; take names that every shell has/) as string,
    });
    expect(await text(['-key=/odd/', '-raw-names', '-except=foo-bar', '-except=a.b', '-allow-empty', 'echo', 'on'], { shell })).toBe(
      'on\n',
    );
  });

  it('of our own environment reach the command, or it is said that they do not', async () => {
    const { stdout, stderr } = await on(['-key=/app/', '/usr/bin/env'], { shell, env: { 'foo-bar': 'x', 'a.b': 'y' } });
    const isThere = /^foo-bar=x$/m.test(String(stdout)) && /^a\.b=y$/m.test(String(stdout));
    const isSaid = stderr === 'etcdenv: warning: sh does not hand on foo-bar, a.b; bash would\n';
    expect([isThere, isSaid]).toEqual(shell.endsWith('dash') ? [false, true] : [true, false]);
  });
});

it('a cache that cannot be written keeps nothing from being started', async () => {
  const done = await on(['-key=/app/', '-cache=/nowhere/cache', 'printenv', 'DB']);
  expect(done).toMatchObject({
    code: 0,
    stdout: Buffer.from('production\n'),
    stderr: expect.stringContaining('/nowhere/cache cannot') as string,
  });
});

it('a warning is one line, whatever a key is called', async () => {
  await server.put('/lines/x\u2028y\x1b', '1');
  const { stderr } = await on(['-key=/lines/', '-raw-names', '-format=json', '-allow-empty']);
  expect(stderr).toMatch(/^etcdenv: warning: [^\p{Cc}\u2028]*no variable can have that name\n$/u);
});

it('-keep, -pristine, -pass, -set, -require', async () => {
  const env = { DB: 'own', OTHER: '1', LANG: 'C' };
  expect(await text(['-key=/app/', '-keep', 'printenv', 'DB'], { env })).toBe('own\n');
  const have = await text(['-key=/app/', '-i', '-pass=LA*', '-set', 'N=a b', '/usr/bin/env'], { env });
  expect(
    have
      .split('\n')
      .filter((it) => !/^(?:_|SHLVL)=/.test(it))
      .sort(),
  ).toEqual(['', 'DB=production', 'LANG=C', 'N=a b']);
  expect(await on(['-key=/app/', '-require=DB,NONE', 'true'], { env })).toMatchObject({
    code: 125,
    stderr: expect.stringMatching(/NONE is required/) as string,
  });
});
