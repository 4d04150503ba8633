/** An editor that does what it is asked, and says how long that took by its own clock. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PATH, startEditor } from '../test/harness/editor.js';
import type { EditorTool } from '../test/harness/tools.js';

/** How an editor is started. */
export interface Side {
  /** Lines of its vimrc. */
  rc: string[];
  env: Record<string, string>;
}

export interface Check {
  /** Ex commands before the timed one. */
  before?: string[];
  /** A Vim expression, and what it must give after the timed command. */
  check?: string;
  expect?: unknown;
}

export interface Session {
  /** @returns ms of an Ex command */
  time(command: string, question?: Check): Promise<number>;
  /** @returns ms of <Tab>, typed after `line`; `expect` is the command line after that */
  tab(line: string, expect: string): Promise<number>;
  /** Like somebody who types it, thinks, and changes their mind. */
  begin(line: string): Promise<void>;
  close(): Promise<void>;
}

/** Before the timed command there is no buffer yet. */
export const fresh = ['silent! %bwipeout!'];

/** The same Node for all. */
export const env = { PATH: `${dirname(process.execPath)}:${PATH}` };

/** The line of a vimrc that makes `directory` a plugin. */
export const onRuntimePath = (directory: string): string => `set runtimepath^=${directory.replace(/[\\ ,|"]/g, '\\$&')}`;

/** What people have in their vimrc, whatever is measured. */
export const usual = ['filetype plugin indent on', 'syntax on'];

const BEGIN = 'let g:bench_began = reltime()';
const END = 'let g:bench_ms = reltimefloat(reltime(g:bench_began)) * 1000';
/** Around a key that is typed into the command line. */
const MAPS = [`cnoremap <expr> <C-x> execute('${BEGIN}')`, `cnoremap <expr> <C-z> execute('${END} <Bar> let g:bench_line = getcmdline()')`];
/** ms after the start. What an editor puts off until then is over. */
const SETTLED = 150;
/** ms that thinking takes. */
const THOUGHT = 500;

export async function openSession(tool: EditorTool, side: Side): Promise<Session> {
  // In memory, as for most people, because completion creates files there.
  const runtime = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'etcd-vim-run-'));
  const editor = await startEditor(tool, {
    ...{ bare: true, rc: [...side.rc, ...usual, ...MAPS] },
    env: { ...env, XDG_RUNTIME_DIR: runtime, ...side.env },
  });
  await pause(SETTLED);

  function judge(what: string, is: unknown, expected: unknown): void {
    if (expected === undefined || is === expected) return;
    throw new Error(`${tool.name}: ${what} gives ${JSON.stringify(is)}, not ${JSON.stringify(expected)}`);
  }
  return {
    async time(command, { before = [], check = '0', expect } = {}) {
      for (const one of before) await editor.ex(one);
      await editor.ex(`${BEGIN} | ${command} | ${END}`);
      const [ms, is] = await editor.eval<[number, unknown]>(`[g:bench_ms, ${check}]`);
      judge(command, is, expect);
      return ms;
    },
    async tab(line, expect) {
      await editor.ex('unlet! g:bench_line');
      await editor.type(`:${line}`);
      await pause(20);
      await editor.type('<C-x><Tab><C-z>');
      // To ask the editor meanwhile would take time from it.
      await pause(100);
      await editor.until("exists('g:bench_line')");
      const [ms, is] = await editor.eval<[number, unknown]>('[g:bench_ms, g:bench_line]');
      await editor.normal();
      judge(`${line}<Tab>`, is, expect);
      return ms;
    },
    async begin(line) {
      await editor.type(`:${line}`);
      await pause(THOUGHT);
      await editor.normal();
    },
    async close() {
      await editor.close();
      rmSync(runtime, { recursive: true, force: true });
    },
  };
}
