/** A real editor in a real terminal, with the plugin on 'runtimepath' and nothing else of the user's. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openTerminal, type Terminal } from './terminal.js';
import { PATIENCE } from './tmux.js';
import type { EditorTool } from './tools.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// Neovim takes the unambiguous form of Esc. After the plain form, the next key could become Alt.
const ESC = { vim: '\x1b', nvim: '\x1b[27u' };
const KEYS: Record<string, string> = {
  CR: '\r',
  Tab: '\t',
  'S-Tab': '\x1b[Z',
  BS: '\x7f',
  Space: ' ',
  lt: '<',
  Up: '\x1b[A',
  Down: '\x1b[B',
};

export interface EditorOptions {
  endpoints?: string[];
  /** After the editor's own arguments, e.g. `['etcd:/app/']`. */
  args?: string[];
  /** Vim script, run as the vimrc after the settings of the tests; if `bare`, alone. */
  rc?: string[];
  env?: Record<string, string>;
  /** Without the plugin and without the settings of the tests. */
  bare?: boolean;
  /** Its viminfo or shada file; by default none. */
  history?: string;
  /** Do not wait until the editor has started, because something holds it up. */
  early?: boolean;
  size?: { columns: number; rows: number };
}

export interface Editor {
  readonly name: string;
  readonly kind: 'vim' | 'nvim';
  /** The program, so that a test can run another one. */
  readonly command: string;
  readonly pid: number;
  readonly home: string;
  /** Types keys, in Vim's notation: `:e etcd:/app/<CR>`. Waits for Normal mode after `<Esc>`. */
  type(keys: string): Promise<void>;
  /**
   * Goes to Normal mode from wherever it is, even from a message that waits for Enter. An interrupt may have thrown keys away, so Esc is
   * typed until it has worked. An Esc that comes late does no harm, but a late Enter would open what is under the cursor.
   */
  normal(): Promise<void>;
  eval<T = unknown>(expression: string): Promise<T>;
  /** Runs an Ex command when the editor is idle. Rejects with the exception that it throws. */
  ex(command: string): Promise<void>;
  /** Waits until the expression is true. That may be in the middle of a command. */
  until(expression: string): Promise<void>;
  /** Waits until the expression is true and the command that made it true is over. */
  settled(expression: string): Promise<void>;
  lines(): Promise<string[]>;
  screen(): Promise<string[]>;
  painted: Terminal['painted'];
  /** Waits until a row of the screen matches, or all rows joined, because long lines wrap. */
  untilScreen(pattern: RegExp): Promise<string[]>;
  /** Waits for a question of inputsecret() on the screen. What an earlier question has left there does not count. */
  untilAsked(pattern: RegExp): Promise<void>;
  /** Waits until the editor has left by itself. */
  gone(): Promise<void>;
  close(): Promise<void>;
}

/** Without the shims of version managers, each of which starts several shells. Neovim looks for its providers through them. */
export const PATH = (process.env['PATH'] ?? '')
  .split(':')
  .filter((dir) => !/shims|pyenv/.test(dir))
  .join(':');

/**
 * ms for one command, which may open each key of a corpus. That takes a few seconds, and several times as long on a machine that others
 * use.
 */
const ANSWER = 3 * PATIENCE;

/** ms between two looks at the editor. Without a pause, looking would take the core from what we wait for. */
const POLL = 5;

export async function startEditor(tool: Omit<EditorTool, 'version'>, options: EditorOptions = {}): Promise<Editor> {
  const home = mkdtempSync(join(tmpdir(), 'etcd-vim-home-'));
  for (const name of ['run', 'tmp']) mkdirSync(join(home, name), { mode: 0o700 });
  const rc = join(home, 'rc.vim');
  writeFileSync(rc, (options.bare ? ['set nocompatible', ...(options.rc ?? [])] : rcLines(options.rc ?? [])).join('\n'));
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const env = {
    PATH,
    HOME: home,
    XDG_RUNTIME_DIR: join(home, 'run'),
    TMPDIR: join(home, 'tmp'),
    TERM: 'screen-256color',
    LANG: 'C.UTF-8',
    ETCD_VIM_TEST_PORT: String((server.address() as AddressInfo).port),
    ...(options.endpoints && { ETCDCTL_ENDPOINTS: options.endpoints.join(',') }),
    ...options.env,
  };
  const driver = join(ROOT, 'test/harness/driver.vim');
  const command = [tool.command, '-u', rc, '-i', options.history ?? 'NONE', '--cmd', `source ${driver}`, ...(options.args ?? [])];
  const terminal = await openTerminal(command, env, options.size);
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`${tool.name} did not start`)), PATIENCE).unref());
  const [socket] = await Promise.race([connected, late]);
  const { ask, greeting } = conversation(socket, async () => `${tool.name}\n${(await terminal.screen()).join('\n')}`);
  const pid = (await Promise.race([greeting, late])) as number;

  async function until(expression: string): Promise<void> {
    const end = Date.now() + PATIENCE;
    while (Date.now() < end) {
      if (await ask('eval', `!!(${expression})`)) return;
      await pause(POLL);
    }
    throw new Error(`${tool.name}: never true: ${expression}\n${(await terminal.screen()).join('\n')}`);
  }

  async function untilScreen(pattern: RegExp): Promise<string[]> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const rows = await terminal.screen();
      if (rows.some((row) => pattern.test(row)) || pattern.test(rows.join(''))) return rows;
      if (Date.now() > end) throw new Error(`${tool.name}: the screen never had ${String(pattern)}\n${rows.join('\n')}`);
      await pause(POLL);
    }
  }

  if (!options.early) await until('v:vim_did_enter');
  return {
    name: tool.name,
    kind: tool.kind,
    command: tool.command,
    pid,
    home,
    async type(keys) {
      for (const part of keys.split(/(?<=<Esc>)/)) {
        await terminal.send(part.replace(/<Esc>$/, ESC[tool.kind]).replace(/<([A-Za-z^\\-]+)>/g, (_, name: string) => keyBytes(name)));
        // Esc and the next key in one read would be Alt and that key.
        if (part.endsWith('<Esc>')) await until("mode() ==# 'n'");
      }
    },
    async normal() {
      const end = Date.now() + PATIENCE;
      do await terminal.send(ESC[tool.kind]);
      while (Date.now() < end && (await ask('eval', 'mode()')) !== 'n');
    },
    eval: (expression) => ask('eval', expression) as Promise<never>,
    async ex(text) {
      await ask('ex', text);
    },
    until,
    async settled(expression) {
      await until(expression);
      await ask('ex', '');
    },
    lines: () => ask('eval', "getline(1, '$')") as Promise<string[]>,
    screen: () => terminal.screen(),
    painted: () => terminal.painted(),
    async untilAsked(pattern) {
      await until("getcmdtype() ==# '-'");
      await untilScreen(pattern);
    },
    untilScreen,
    async gone() {
      const left = new Promise((resolve) => socket.once('close', resolve));
      if (!socket.destroyed) await Promise.race([left, pause(PATIENCE, undefined, { ref: false })]);
      if (!socket.destroyed) throw new Error(`${tool.name} did not leave\n${(await terminal.screen()).join('\n')}`);
    },
    async close() {
      socket.destroy();
      server.close();
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It left by itself.
      }
      await terminal.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** cmdheight: a message of two lines must not wait for a key that no test types. */
function rcLines(own: string[]): string[] {
  return [
    'set nocompatible hidden cmdheight=4 shortmess+=I nomore ttimeoutlen=10 wildmenu noruler',
    `set runtimepath^=${ROOT}`,
    'filetype plugin indent on',
    'syntax on',
    ...own,
  ];
}

function keyBytes(name: string): string {
  const control = /^C-([a-zA-Z\\^])$/.exec(name)?.[1];
  if (control !== undefined) return String.fromCharCode(control.toUpperCase().charCodeAt(0) & 0x1f);
  const bytes = KEYS[name];
  if (bytes === undefined) throw new Error(`no key <${name}>`);
  return bytes;
}

/** @param seen gives what is on the screen, for the error about an editor that does not answer */
function conversation(
  socket: Socket,
  seen: () => Promise<string>,
): { ask: (kind: string, text: string) => Promise<unknown>; greeting: Promise<unknown> } {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let id = 0;
  const expect = (number: number) => new Promise<unknown>((resolve, reject) => waiting.set(number, { resolve, reject }));
  const greeting = expect(0);
  createInterface(socket).on('line', (line) => {
    const [number, ok, value] = JSON.parse(line) as [number, number, unknown];
    const one = waiting.get(number);
    waiting.delete(number);
    if (ok) one?.resolve(value);
    else one?.reject(new Error(String(value)));
  });
  const lost = (): void => {
    for (const one of waiting.values()) one.reject(new Error('the editor has gone'));
    waiting.clear();
  };
  socket.on('close', lost);
  socket.on('error', lost);
  return {
    greeting,
    ask(kind, text) {
      const number = ++id;
      const answer = expect(number);
      const limit = setTimeout(() => {
        const reject = (screen: string): void => waiting.get(number)?.reject(new Error(`no answer to ${text}\n${screen}`));
        seen().then(reject, (error: unknown) => reject(String(error)));
      }, ANSWER);
      socket.write(`${JSON.stringify([number, kind, text])}\n`);
      return answer.finally(() => clearTimeout(limit));
    },
  };
}
