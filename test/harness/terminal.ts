/** A real terminal: tmux runs the editor, takes keys and shows the screen. */
import { startTmux } from './tmux.js';

export interface Terminal {
  /** Bytes as a keyboard would send them. The terminal has them when this resolves. */
  send(bytes: string): Promise<void>;
  /** The lines of the screen, right-trimmed. */
  screen(): Promise<string[]>;
  /** The lines in full, with the sequences that colour them, and the cell of the cursor. */
  painted(): Promise<{ rows: string[]; cursor: { x: number; y: number } }>;
  close(): Promise<void>;
}

let serial = 0;

/**
 * @param env all that the command sees of the environment. It begins in `HOME`. `ETCD_VIM_TEST_OUTPUT` names a file for every byte that it
 * sends to the terminal.
 */
export async function openTerminal(command: string[], env: Record<string, string>, size = { columns: 100, rows: 24 }): Promise<Terminal> {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  // env -i: the editor sees nothing of the environment of the tests.
  const line = ['env', '-i', ...variables, ...command].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const dimensions = ['-x', String(size.columns), '-y', String(size.rows)];
  const output = env['ETCD_VIM_TEST_OUTPUT'];
  const begin = [
    ['new-session', '-c', env['HOME'] ?? '/', ...dimensions, line],
    ['set-option', '-s', 'escape-time', '0'],
    ['set-option', 'remain-on-exit', 'on'],
    // It ends with us, however we end.
    ['set-option', 'destroy-unattached', 'on'],
    ...(output === undefined ? [] : [['pipe-pane', '-o', `cat >'${output}'`]]),
  ];
  const args = begin.flatMap((words, index) => (index === 0 ? words : [';', ...words]));
  const { tell, end } = await startTmux(`etcd-vim-test-${process.pid}-${++serial}`, args);
  return {
    async send(bytes) {
      const hex = [...Buffer.from(bytes, 'utf8')].map((byte) => byte.toString(16).padStart(2, '0'));
      await tell(`send-keys -H ${hex.join(' ')}`);
    },
    screen: async () => (await tell('capture-pane -p')).map((row) => row.trimEnd()),
    async painted() {
      const rows = await tell('capture-pane -p -e -N');
      const [x = 0, y = 0] = (await tell("display-message -p '#{cursor_x} #{cursor_y}'")).join('').split(' ').map(Number);
      return { rows, cursor: { x, y } };
    },
    close: end,
  };
}
