import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSecret } from '../../../src/client/secret.js';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'etcd-vim-secret-'))));
afterEach(() => rmSync(dir, { recursive: true }));

const until = () => ({ end: performance.now() + 5000 });
const what = 'password' as const;

function file(text: string, mode = 0o600): string {
  const name = join(dir, 'secret');
  writeFileSync(name, text);
  chmodSync(name, mode);
  return name;
}

describe('a secret', () => {
  it.each([
    ['hunter2', 'hunter2'],
    ['hunter2\n', 'hunter2'],
    ['hunter2\r\nmore\n', 'hunter2'],
    [' a b "$HOME" `x` ü \n', ' a b "$HOME" `x` ü '],
  ])('is the first line of a file: %j', async (text, secret) => {
    expect(await openSecret({ what, file: file(text) }).get(until())).toBe(secret);
    expect(await openSecret({ what, file: file(text, 0o400) }).get(until())).toBe(secret);
  });

  it.each([0o640, 0o604, 0o660, 0o644])('is not taken from a file of mode %o', async (mode) => {
    const attempt = openSecret({ what, file: file('hunter2', mode) }).get(until());
    await expect(attempt).rejects.toMatchObject({ code: 'unauthenticated', hint: expect.stringContaining('chmod 600') as string });
  });

  it('is not waited for where it cannot come from: no file, a directory, a pipe, an empty file', async () => {
    const pipe = join(dir, 'pipe');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    for (const name of [join(dir, 'none'), dir, pipe]) {
      const error = { code: 'unauthenticated', subject: { reason: 'secret_file', secret: what } };
      await expect(openSecret({ what, file: name }).get(until())).rejects.toMatchObject(error);
    }
    for (const name of [file('\n')]) {
      await expect(openSecret({ what, file: name }).get(until())).rejects.toMatchObject({ code: 'unauthenticated' });
    }
  });

  it('is what a command prints, which no shell sees', async () => {
    const canary = join(dir, 'canary');
    const command = ['printf', '%s\n%s', `$(touch ${canary})`, 'second'];
    expect(await openSecret({ what, command }).get(until())).toBe(`$(touch ${canary})`);
    expect(() => execFileSync('ls', [canary], { stdio: 'ignore' })).toThrow();
  });

  it('is there though its command has left something running that holds its pipes', async () => {
    const command = ['sh', '-c', 'echo hunter2; setsid sleep 10 & exit 0'];
    expect(await openSecret({ what, command }).get(until())).toBe('hunter2');
  });

  it('is in no error of a command that fails', async () => {
    for (const command of [['sh', '-c', 'echo hunter2; echo hunter2 >&2; exit 3'], ['/nowhere/program']]) {
      const error = await openSecret({ what, command })
        .get(until())
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('password_command') as string });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2');
    }
  });

  it('is fetched once, and once more when it proved wrong', async () => {
    const counter = join(dir, 'counter');
    const source = openSecret({ what, command: ['sh', '-c', `echo x >> ${counter}; wc -l < ${counter}`] });
    expect((await source.get(until()))?.trim()).toBe('1');
    expect((await source.get(until()))?.trim()).toBe('1');
    source.forget();
    expect((await source.get(until()))?.trim()).toBe('2');
  });

  it('that takes its time is given up at the deadline and by Ctrl-C, and is there the next time', async () => {
    const pipe = join(dir, 'pipe');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    const source = openSecret({ what, command: ['cat', pipe] });
    await expect(source.get({ end: performance.now() + 50 })).rejects.toMatchObject({ code: 'timeout' });
    const stop = new AbortController();
    const attempt = source.get({ ...until(), signal: stop.signal });
    stop.abort(new Error('Ctrl-C'));
    await expect(attempt).rejects.toThrow('Ctrl-C');
    writeFileSync(pipe, 'hunter2\n');
    expect(await source.get(until())).toBe('hunter2');
  });

  it('is what the user answered, until that is forgotten', async () => {
    const source = openSecret({ what });
    expect(await source.get(until())).toBeUndefined();
    source.answer('hunter2');
    expect(await source.get(until())).toBe('hunter2');
    source.forget();
    expect(await source.get(until())).toBeUndefined();
  });
});
