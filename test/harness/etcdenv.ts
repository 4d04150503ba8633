/** bin/etcdenv as a process, from dist/. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ETCDENV = fileURLToPath(new URL('../../bin/etcdenv', import.meta.url));

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  stderr: string;
  pid: number;
}

export interface Run {
  env?: Record<string, string>;
  input?: string;
  cwd?: string;
  /** What runs it instead of /bin/sh. */
  shell?: string;
  /** Sees the process as soon as it is there. */
  during?: (child: ChildProcess) => void;
}

const PATH = process.env['PATH'] ?? '';

/** @param env is all that it inherits, except PATH */
export async function etcdenv(args: readonly string[], { env = {}, input = '', cwd, shell, during }: Run = {}): Promise<Outcome> {
  const [command, ...words] = [...(shell === undefined ? [] : [shell]), ETCDENV, ...args] as [string, ...string[]];
  return run(command, words, { env, input, ...(cwd !== undefined && { cwd }), ...(during && { during }) });
}

/** Runs any program to its end. */
export async function run(command: string, args: readonly string[], { env = {}, input = '', cwd, during }: Run = {}): Promise<Outcome> {
  const child = spawn(command, args, { env: { PATH, ...env }, cwd });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  during?.(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout: Buffer.concat(out), stderr: String(Buffer.concat(err)), pid: child.pid ?? 0 });
    });
  });
}
