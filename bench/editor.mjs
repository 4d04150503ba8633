// An editor in a terminal of its own (tmux), which does what it is asked and says how long that took.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = fileURLToPath(new URL('editor.vim', import.meta.url));
const DEADLINE = 60_000;

/** Commands before what is timed: no buffer is there yet. */
export const fresh = ['silent! %bwipeout!'];

/**
 * @typedef {object} Question
 * @property {string} command what is timed, an Ex command
 * @property {string[]} [before] Ex commands before it, not timed
 * @property {string} [check] a Vim expression, evaluated after it
 * @property {unknown} [expect] what `check` must give
 */

/**
 * The terminals of one benchmark.
 * @param {string} tmux its executable
 * @param {string} scratch a directory that is ours
 * @param {NodeJS.ProcessEnv} env what every editor gets
 */
export function openTerminals(tmux, scratch, env) {
  const socket = join(scratch, 'tmux');
  const tell = (...args) => run(tmux, ['-S', socket, '-f', '/dev/null', ...args], { env });
  let serial = 0;

  /** A command in a terminal of its own; the handle knows whether it still runs. */
  async function open(argv) {
    const name = `s${++serial}`;
    await tell('new-session', '-d', '-s', name, '-x', '120', '-y', '40', ...argv);
    return {
      type: (...keys) => tell('send-keys', '-t', name, ...keys),
      screen: () => tell('capture-pane', '-p', '-t', name).then(({ stdout }) => stdout),
      async ended() {
        for (const end = performance.now() + DEADLINE; performance.now() < end; await pause(20)) {
          if (!(await tell('has-session', '-t', name).then(Boolean, () => false))) return;
        }
        await tell('kill-session', '-t', name);
      },
    };
  }

  const end = () => execFileSync(tmux, ['-S', socket, 'kill-server'], { stdio: 'ignore' });
  process.on('exit', () => {
    try {
      end();
    } catch {
      // It ended with its last session.
    }
  });
  return { open, scratch };
}

/** The line of a vimrc that makes `directory` a plugin. */
export const onRuntimePath = (directory) => `set runtimepath^=${directory.replace(/[\\ ,|"]/g, '\\$&')}`;

/** A vimrc as people have it, with `lines` in front. */
export function writeVimrc(directory, lines) {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'vimrc');
  writeFileSync(file, [...lines, 'filetype plugin indent on', 'syntax on', ''].join('\n'));
  return file;
}

/**
 * Starts an editor and waits until it is idle.
 * @param {ReturnType<typeof openTerminals>} terminals
 * @param {{command: string}} tool
 * @param {string[]} lines of its vimrc
 * @param {Record<string, string>} [env]
 */
export async function openEditor(terminals, tool, lines, env = {}) {
  const directory = mkdtempSync(join(terminals.scratch, 'editor-'));
  const answer = join(directory, 'answer');
  const vimrc = writeVimrc(directory, [...lines, `source ${script}`]);
  const variables = Object.entries({ ...env, BENCH_DIR: directory }).map(([name, value]) => `${name}=${value}`);
  const terminal = await terminals.open(['env', ...variables, tool.command, '-u', vimrc, '-i', 'NONE']);

  async function answered() {
    for (const end = performance.now() + DEADLINE; performance.now() < end; await pause(3)) {
      if (!existsSync(answer)) continue;
      const text = readFileSync(answer, 'utf8');
      rmSync(answer);
      return JSON.parse(text);
    }
    throw new Error(`${tool.command} does not answer:\n${await terminal.screen().catch(() => '(it has ended)')}`);
  }

  async function judged(what, expect) {
    const { ms, error, check } = await answered();
    if (error) throw new Error(`${tool.command}: ${what}: ${error}`);
    if (expect !== undefined && check !== expect) {
      throw new Error(`${tool.command}: ${what} gives ${JSON.stringify(check)}, not ${JSON.stringify(expect)}`);
    }
    return ms;
  }

  await answered();
  return {
    /** @param {Question} question @returns {Promise<number>} ms */
    async ask({ command, before = [], check = '0', expect }) {
      writeFileSync(join(directory, 'question'), JSON.stringify({ command, before, check }));
      await terminal.type(':call BenchNext()', 'Enter');
      return judged(command, expect);
    },
    /**
     * Types `line` into the command line and then times one `key`.
     * @param {{line: string, key: string, expect: string}} typing `expect` is the command line after it
     * @returns {Promise<number>} ms
     */
    async press({ line, key, expect }) {
      await terminal.type(`:${line}`);
      await pause(20);
      await terminal.type('F5', key, 'F6');
      const ms = await judged(`${line}${key}`, expect);
      await terminal.type('C-u', 'Escape');
      await pause(20);
      return ms;
    },
    async close() {
      await terminal.type(':qall!', 'Enter').catch(() => undefined);
      await terminal.ended();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
