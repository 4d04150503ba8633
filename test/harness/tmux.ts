/**
 * tmux' control mode. A command is a line on its input, and the answer stands between %begin and %end or %error on its output. So there is
 * one process for a terminal, and not one for each key and each look.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { tools } from './tools.js';

/** ms that anything may take. */
export const PATIENCE = Number(process.env['ETCD_VIM_TEST_PATIENCE'] ?? 15_000);

export interface Tmux {
  /** The lines of the answer. Rejects with tmux' error, or when tmux has gone or says nothing. */
  tell(command: string): Promise<string[]>;
  /** Ends it, and what runs in it. */
  end(): Promise<void>;
}

/** @param args after the options for the server. Each `socket` has a server of its own */
export async function startTmux(socket: string, args: string[]): Promise<Tmux> {
  const tmux = spawn(tools.tmux, ['-u', '-C', '-L', socket, '-f', '/dev/null', ...args], { stdio: 'pipe' });
  const waiting: { resolve: (lines: string[]) => void; reject: (error: Error) => void }[] = [];
  let said = '';
  tmux.stderr.setEncoding('utf8').on('data', (piece: string) => (said += piece));
  const gone = (): Error => new Error(`tmux has gone: ${said}`);
  tmux.on('exit', () => {
    for (const one of waiting.splice(0)) one.reject(gone());
  });
  // Its end says so.
  tmux.stdin.on('error', () => undefined);
  // What is told before it has a session can be lost.
  await new Promise<void>((resolve, reject) => {
    tmux.once('error', reject).once('exit', () => reject(gone()));
    hear(tmux.stdout, resolve, (lines, failed) => {
      const one = waiting.shift();
      if (failed) one?.reject(new Error(`tmux: ${lines.join('\n')}`));
      else one?.resolve(lines);
    });
  });
  const runs = (): boolean => tmux.exitCode === null && tmux.signalCode === null;
  async function tell(command: string): Promise<string[]> {
    if (!runs()) throw gone();
    let limit: NodeJS.Timeout | undefined;
    const answer = new Promise<string[]>((resolve, reject) => {
      waiting.push({ resolve, reject });
      limit = setTimeout(() => reject(new Error(`tmux: no answer to ${command}`)), PATIENCE);
    });
    tmux.stdin.write(`${command}\n`);
    return answer.finally(() => clearTimeout(limit));
  }
  return {
    tell,
    async end() {
      if (!runs()) return;
      const left = once(tmux, 'exit');
      tell('kill-server').catch(() => undefined);
      await left;
    },
  };
}

/** Calls `begun` when there is a session, and `answered` for each command that was told. */
function hear(output: Readable, begun: () => void, answered: (lines: string[], failed: boolean) => void): void {
  let block: { id: string; lines: string[] } | undefined;
  let rest = '';

  function take(line: string): void {
    const [, word, id] = /^%(begin|end|error) (.*)$/.exec(line) ?? [];
    if (block === undefined) {
      if (word === 'begin' && id !== undefined) block = { id, lines: [] };
      // There are others, like %output, whatever the editor prints. To turn that off (no-output) can stop answers, too, in tmux 3.3.
      else if (line.startsWith('%session-changed ')) begun();
    } else if (id === block.id) {
      const { lines } = block;
      block = undefined;
      // The answers to the arguments that it was started with have the flag 0.
      if (id.endsWith(' 1')) answered(lines, word === 'error');
    } else {
      block.lines.push(line);
    }
  }

  output.setEncoding('utf8').on('data', (piece: string) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
}
