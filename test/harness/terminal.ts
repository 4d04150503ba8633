/** A real terminal: tmux runs the editor, takes keys and shows the screen. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { tools } from './tools.js';

const run = promisify(execFile);

export interface Terminal {
  /** Bytes as a keyboard would send them. */
  send(bytes: string): Promise<void>;
  /** The lines of the screen, right-trimmed. */
  screen(): Promise<string[]>;
  close(): Promise<void>;
}

let serial = 0;

/**
 * @param env all that the command sees of the environment; it begins in `HOME`. `ETCD_VIM_TEST_OUTPUT` names a file for every
 * byte that it sends to the terminal.
 */
export async function openTerminal(command: string[], env: Record<string, string>, size = { columns: 100, rows: 24 }): Promise<Terminal> {
  const socket = `etcd-vim-test-${process.pid}-${++serial}`;
  const tmux = (...args: string[]) => run(tools.tmux, ['-L', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  // env -i: the editor sees nothing of the shell that runs the tests.
  const line = ['env', '-i', ...variables, ...command].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const output = env['ETCD_VIM_TEST_OUTPUT'];
  const dimensions = ['-x', String(size.columns), '-y', String(size.rows)];
  await tmux(
    'new-session',
    '-d',
    '-c',
    env['HOME'] ?? '/',
    ...dimensions,
    line,
    ';',
    'set-option',
    '-s',
    'escape-time',
    '0',
    ';',
    'set-option',
    'remain-on-exit',
    'on',
    ...(output === undefined ? [] : [';', 'pipe-pane', '-o', `cat >'${output}'`]),
  );
  return {
    async send(bytes) {
      const hex = [...Buffer.from(bytes, 'utf8')].map((byte) => byte.toString(16).padStart(2, '0'));
      await tmux('send-keys', '-H', ...hex);
    },
    async screen() {
      const { stdout } = await tmux('capture-pane', '-p');
      return stdout
        .replace(/\n$/, '')
        .split('\n')
        .map((row) => row.trimEnd());
    },
    async close() {
      await tmux('kill-server').catch(() => undefined);
    },
  };
}
