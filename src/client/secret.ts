/** Where a password or a passphrase comes from. It stays in this process's memory. No message, log or argument list has it. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { EtcdError, type ErrorTraits } from './errors.js';
import { letGoOfPipes } from './pipes.js';
import type { Secret } from './subjects.js';

export interface SecretSettings {
  /** Which secret, as the settings call it: `password` or `passphrase`. */
  what: Secret;
  /** From the environment. */
  given?: string;
  /** A program and its arguments, run without a shell. The first line that it prints counts. */
  command?: readonly string[];
  /** A file of this user that nobody else may read. Its first line counts. */
  file?: string;
}

export interface Until {
  /** On the clock of performance.now(). */
  end: number;
  signal?: AbortSignal | undefined;
}

export interface SecretSource {
  /**
   * What the user answered last, else what the settings lead to.
   * @param until when to stop waiting for a command. The command goes on, and its answer is kept
   * @returns undefined if nothing is set: ask the user
   * @throws EtcdError unauthenticated if a source is set and fails
   */
  get(until: Until): Promise<string | undefined>;
  /** The user has answered. */
  answer(secret: string): void;
  /** It proved wrong: the next get() begins anew. */
  forget(): void;
}

/** ms that a command may take. It may ask the user for a card or a master password. */
const COMMAND_LIMIT = 60_000;
const MAX_BYTES = 64 * 1024;

/** A source that runs its command, or reads its file, only once until it is told to forget. */
export function openSecret(settings: SecretSettings): SecretSource {
  const { what, given, command, file } = settings;
  let known: Promise<string | undefined> | undefined;

  async function find(): Promise<string | undefined> {
    if (given !== undefined) return given;
    if (command !== undefined) return firstLine(await run(what, command), `${what}_command`);
    if (file !== undefined) return Promise.resolve(firstLine(readPrivate(what, file), `${what}_file`));
    return undefined;
  }

  return {
    get(until) {
      const attempt = (known ??= find());
      attempt.catch(() => {
        if (known === attempt) known = undefined;
      });
      return within(attempt, until, `${what}_command`);
    },
    answer: (secret) => void (known = Promise.resolve(secret)),
    forget: () => void (known = undefined),
  };
}

/** @param what names in the message what we wait for */
export async function within<T>(attempt: Promise<T>, { end, signal }: Until, what: string): Promise<T> {
  const late = new EtcdError('timeout', `${what} has not answered yet`, { hint: 'try again when it has' });
  let stop: () => void = () => undefined;
  const over = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(late), Math.max(1, end - performance.now()));
    const abort = (): void => reject(signal?.reason as Error);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  return Promise.race([attempt, over]).finally(() => stop());
}

/** No message has anything that the program prints, because it may be the secret. */
async function run(what: string, command: readonly string[]): Promise<string> {
  const [program = '', ...args] = command;
  const { execFile } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { timeout: COMMAND_LIMIT, maxBuffer: MAX_BYTES, windowsHide: true }, (error, stdout) => {
      if (!error) {
        resolve(stdout);
        return;
      }
      const why = error.killed ? 'took too long' : `failed (${String(error.code ?? error.signal)})`;
      reject(
        new EtcdError('unauthenticated', `${what}_command ${JSON.stringify(program)} ${why}`, { hint: 'run it in a shell to see why' }),
      );
    });
    letGoOfPipes(child);
    child.stdin?.end();
  });
}

function readPrivate(what: Secret, file: string): string {
  const fileError = (why: string, help: ErrorTraits): EtcdError => new EtcdError('unauthenticated', `${what}_file ${file} ${why}`, help);
  const check: ErrorTraits = { subject: { reason: 'secret_file', secret: what } };
  let descriptor: number;
  try {
    // If the file is a pipe that nobody writes to, opening it must not hang.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw fileError(`cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, check);
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw fileError('is not a file', check);
    if (process.getuid && stat.uid !== process.getuid()) throw fileError('belongs to someone else', { hint: 'use a file of your own' });
    if (process.getuid && (stat.mode & 0o077) !== 0) throw fileError('can be read by others', { hint: `chmod 600 ${file}` });
    const bytes = Buffer.alloc(Math.min(stat.size, MAX_BYTES));
    return bytes.toString('utf8', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

function firstLine(text: string, from: string): string {
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw new EtcdError('unauthenticated', `${from} gives nothing on its first line`);
  return line;
}
