/** A validator that is a program of the user: `['jq', '-e', '.']`. */
import type { ChildProcess } from 'node:child_process';
import { EtcdError, letGoOfPipes } from '../client/index.js';
import type { Fault } from './formats.js';

/** ms that it may take. */
const LIMIT = 10_000;
/** The most bytes that are kept of its output, whose first line is enough. The rest is read and dropped, because it may hold the value. */
const MOST_KEPT = 64 * 1024;

/** How it has ended. */
interface Ended {
  code: number | null;
  output: string;
  isLate: boolean;
}

/**
 * Runs it without a shell, with the value on its stdin.
 * @param options `budget` in ms
 * @returns undefined if it ends with 0; else its first line
 * @throws EtcdError invalid_value if it cannot be run, or takes too long; cancelled
 */
export async function runValidator(
  [program = '', ...args]: readonly string[],
  value: Buffer,
  options: { budget: number; signal?: AbortSignal },
): Promise<Fault | undefined> {
  const refusal = (why: string): EtcdError =>
    new EtcdError('invalid_value', `the validator ${JSON.stringify(program)} ${why}`, { hint: ':w! writes without it' });
  // It gets a group of its own, so that its children end with it.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(program, args, { detached: true, windowsHide: true, stdio: 'pipe' });
  // The program may know enough before it has read everything.
  child.stdin.on('error', () => undefined).end(value);
  const ended = await endOf(child, options).catch((thrown: unknown) => {
    throw refusal(`cannot be run (${(thrown as NodeJS.ErrnoException).code ?? String(thrown)})`);
  });
  if (options.signal?.aborted) throw new EtcdError('cancelled', 'interrupted');
  if (ended.isLate) throw refusal('took too long');
  if (ended.code === null) throw refusal(`was killed by ${child.signalCode}`);
  return ended.code === 0 ? undefined : faultOf(ended.output, ended.code);
}

/**
 * Waits for its end, and kills it when its time is over. What the program has left running is not waited for. It is killed, too, if that
 * is possible.
 */
async function endOf(child: ChildProcess, { budget, signal }: { budget: number; signal?: AbortSignal }): Promise<Ended> {
  const said = { stdout: keep(child.stdout), stderr: keep(child.stderr) };
  let isLate = false;
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  };
  const late = setTimeout(
    () => {
      isLate = true;
      kill();
    },
    Math.min(LIMIT, budget),
  );
  signal?.addEventListener('abort', kill, { once: true });
  letGoOfPipes(child, kill);
  if (signal?.aborted) kill();
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    return { code, output: `${said.stderr()}\n${said.stdout()}`, isLate };
  } finally {
    clearTimeout(late);
    signal?.removeEventListener('abort', kill);
  }
}

/** @returns a function that gives the beginning of what has come so far */
function keep(stream: ChildProcess['stdout']): () => string {
  let kept = Buffer.alloc(0);
  stream?.on('data', (chunk: Buffer) => {
    if (kept.length < MOST_KEPT) kept = Buffer.concat([kept, chunk.subarray(0, MOST_KEPT - kept.length)]);
  });
  return () => kept.toString('utf8');
}

function faultOf(output: string, status: number): Fault {
  const why = output.split(/\r?\n/).find((line) => line.trim() !== '') ?? `it ends with ${status}`;
  const [, line, column] = /\bline (\d+)(?:,? *col(?:umn)?\.? (\d+))?/i.exec(why) ?? [];
  return { why: why.trim(), ...(line !== undefined && { line: Number(line) }), ...(column !== undefined && { column: Number(column) }) };
}
