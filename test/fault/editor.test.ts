/** What a user sees of a fault: keys are answered. And what nobody may see: secrets. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { it } from 'vitest';
import { median } from '../harness/quantile.js';
import { startCluster } from '../harness/cluster.js';
import { startEditor, type Editor } from '../harness/editor.js';
import { startRelay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { ALICE, changePassword, enableAuth, ROOT } from '../harness/users.js';
import { row, type Ledger } from './ledger.js';
import { bounds } from './trials.js';

/** The median of the ms in which an editor answers must not be longer. */
const AT_ONCE = 100;
/** The most ms of any single answer. A machine that others use may delay it. */
const AT_MOST = 300;
/** ms between two questions. Nobody types faster, and asking takes time from what we wait for. */
const POLL = 5;

/** The longest that an answer took, as long as it was yes, in ms. */
async function longestAnswer(ask: () => Promise<boolean>): Promise<number> {
  const end = performance.now() + 8000;
  let worst = 0;
  for (let holds = true; holds && performance.now() < end;) {
    const began = performance.now();
    holds = await ask();
    worst = Math.max(worst, performance.now() - began);
    await pause(POLL);
  }
  return worst;
}

/** The longest that an idle editor beside it took to answer during `work`, in ms. The machine adds that to any answer. */
async function idleAnswer(beside: Editor, work: Promise<unknown>): Promise<number> {
  let over = false;
  const end = (): boolean => (over = true);
  work.then(end, end);
  return longestAnswer(async () => (await beside.eval('!0')) === 1 && !over);
}

/** The longest answer while a write waits, in ms. */
async function answered(editor: Editor, ledger: Ledger): Promise<number> {
  const holds = (condition: string) => longestAnswer(async () => (await editor.eval(condition)) === 1);
  const starting = await holds('!etcd#host#pending#waiting()');
  if (await editor.eval('etcd#host#pending#waiting()')) ledger.hit();
  return Math.max(starting, await holds('&modified'));
}

/** From Ctrl-C to what the editor says of it, in ms. */
async function interrupted(editor: Editor): Promise<number> {
  const pressed = performance.now();
  await editor.type('<C-c>');
  // We look at the screen and do not ask: Ctrl-C would end the callback in which Vim answers, instead of the wait.
  await editor.untilScreen(/etcd: interrupted|interrupted.*etcd:/);
  return performance.now() - pressed;
}

/** Holds the ms of all trials to both bounds. */
function atOnce(ledger: Ledger, times: number[], what: string): void {
  ledger.inTime(median(times), AT_ONCE, `${what}, the middle of ${times.length}`);
  ledger.inTime(Math.max(...times), AT_MOST, what);
}

/**
 * Mutants in autoload/etcd/host/wait.vim: `elseif 1` before job#listen() (Vim: nothing is heard before the answer);
 * `call luaeval('vim.loop.sleep(_A)', 500)` before wait() (Neovim).
 */
it.each(tools.editors)('keys-answered ($name): while the leader is dead, the editor answers, and Ctrl-C ends it', bounds, async (tool) => {
  const cluster = await startCluster({ size: 3 });
  await cluster.inspect().put('/keys', 'first\n');
  const beside = await startEditor(tool, { bare: true });
  await row('keys-answered', tool.name, async (ledger) => {
    const longest: number[] = [];
    const freed: number[] = [];
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const leader = await cluster.leader();
      const { endpoints } = cluster;
      const editor = await startEditor(tool, {
        endpoints: [...endpoints.slice(leader), ...endpoints.slice(0, leader)],
        args: ['etcd:/keys'],
      });
      try {
        await editor.settled("b:etcd.kind ==# 'key'");
        await cluster.kill(leader);
        await editor.eval(`setline(1, 'trial ${trial}')`);
        await editor.type(':w<CR>');
        const began = performance.now();
        const answers = answered(editor, ledger);
        const idle = await idleAnswer(beside, answers);
        longest.push((await answers) - idle);
        ledger.inTime(performance.now() - began, 4000, 'acknowledged');
        ledger.tried(longest.at(-1));
        const next = await cluster.leader();
        cluster.stop(next);
        await editor.eval("setline(1, 'interrupted')");
        await editor.type(':w<CR>');
        await editor.until('etcd#host#pending#waiting()');
        const released = interrupted(editor);
        // The key goes through the terminal, and so does the message.
        const twice = 2 * (await idleAnswer(beside, released));
        freed.push((await released) - twice);
        await editor.normal();
        ledger.hold((await editor.eval('getline(1) . &modified')) === 'interrupted1', 'the text has gone');
        cluster.resume(next);
        cluster.start(leader);
        await cluster.healthy();
      } finally {
        await editor.close();
      }
    }
    atOnce(ledger, longest, 'an answer');
    atOnce(ledger, freed, 'Ctrl-C');
  }).finally(() => Promise.all([beside.close(), cluster.close()]));
});

const CONTROL = 'canary-of-a-control-51ce';
const CANARY = { value: 'canary-of-a-value-8d1f', key: 'canary-of-a-key-77ab', password: 'canary-of-a-password-03c9' };

/** Mutant: a `log(…)` of the params in run() of src/host/dispatcher.ts; or `noswapfile` left out of autoload/etcd/buffer/read.vim. */
it.each(tools.editors)('leak ($name): a value, a key and a password are where they must be, and nowhere else', bounds, async (tool) => {
  const cluster = await startCluster();
  const etcd = cluster.inspect();
  await etcd.put(`/app/${CANARY.key}`, `${CANARY.value}\n`);
  await enableAuth(etcd, [{ type: 'READWRITE', key: '/app/', rangeEnd: '/app0' }]);
  await cluster.login(ROOT.user, ROOT.password);
  await changePassword(cluster.inspect(), ALICE.user, CANARY.password);
  const env = { ETCDCTL_USER: ALICE.user, ETCDCTL_PASSWORD: CANARY.password };
  // It has a folder of its own, which is searched.
  const tmp = mkdtempSync(join(tmpdir(), 'etcd-vim-leak-'));
  const relay = await startRelay(cluster.endpoints[0] as string);
  const tokens = new Set<string>();
  relay.onRequest = (piece) => {
    const token = /^authorization: (\S+)/im.exec(piece.toString('latin1'))?.[1];
    if (token !== undefined) tokens.add(token);
  };
  const rc = ['set swapfile undofile backup writebackup directory=~ undodir=~ backupdir=~ updatecount=1 updatetime=10'];
  const history = join(tmp, 'history');
  const editor = await startEditor(tool, { endpoints: [relay.endpoint], env: { ...env, TMPDIR: tmp }, rc, history });
  const onDisk = (ledger: Ledger): void => {
    const { key, ...others } = CANARY;
    // What was typed is in the editor's own history, including names of files.
    const files = filesWith([editor.home, tmp], key).filter((file) => file !== history);
    ledger.hold(files.length === 0, `the key is in ${files.join()}`);
    for (const secret of [...Object.values(others), ...tokens]) {
      const found = filesWith([editor.home, tmp], secret);
      ledger.hold(found.length === 0, `${secret} is in ${found.join()}`);
    }
  };
  await row('leak', tool.name, async (ledger) => {
    await isSearched(editor, tmp, ledger);
    await editor.ex(`edit etcd:/app/${CANARY.key}`);
    ledger.hold(
      (await editor.lines())[0] === CANARY.value,
      `not opened: ${await editor.eval<string>("get(get(b:, 'etcd', {}), 'error', '')")}`,
    );
    await editor.type(`Aand more<Esc>`);
    await editor.settled("getline(1) =~# 'and more' && mode() ==# 'n'");
    await editor.ex('preserve').catch(() => undefined);
    // A swap file is deleted with its buffer.
    onDisk(ledger);
    await editor.ex('write');
    await editor.ex('edit etcd:/app/');
    await editor.ex(`edit etcd:/app/${CANARY.key}`);
    ledger.tried();
    if ((await editor.lines())[0] === `${CANARY.value}and more`) ledger.hit();
    await editor.ex(tool.kind === 'vim' ? 'wviminfo' : 'wshada');
    ledger.hold(filesWith([tmp], CANARY.key).length > 0, 'the history of the editor was not searched');
    onDisk(ledger);
    ledger.hold(tokens.size > 0, 'no token was seen');
    for (const [what, canary] of Object.entries(CANARY)) {
      const processes = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && contents(`/proc/${pid}/cmdline`).includes(canary));
      // The terminal that the test opened got the editor's environment as arguments.
      const others = processes.filter((pid) => !/tmux|^env/.test(contents(`/proc/${pid}/cmdline`)));
      ledger.hold(others.length === 0, `the ${what} is in the command line of ${others.join()}`);
    }
    const shown = async (expression: string): Promise<string> => editor.eval<string>(expression);
    const messages = await shown("execute('messages')");
    await editor.ex('Etcd log');
    const log = (await editor.lines()).join('\n');
    for (const canary of [CANARY.value, CANARY.password, ...tokens]) {
      ledger.hold(!messages.includes(canary), `${canary} is in :messages`);
      ledger.hold(!log.includes(canary), `${canary} is in :Etcd log`);
    }
    ledger.hold(!log.includes('uthorization'), 'a header is in :Etcd log');
    ledger.hold(log.includes(' ms'), `nothing is in :Etcd log: ${log}`);
    ledger.hold(!(await shown('string(g:) . string(b:)')).includes(CANARY.password), 'the password is in a variable');
  }).finally(async () => {
    await editor.close();
    relay.close();
    await cluster.close();
    rmSync(tmp, { recursive: true });
  });
});

/** What the same editor leaves of a file, swap and undo included, is found. Only then it means something to find nothing. */
async function isSearched(editor: Editor, tmp: string, ledger: Ledger): Promise<void> {
  await editor.ex('edit ~/control');
  await editor.type(`i${CONTROL}<Esc>`);
  await editor.settled(`getline(1) ==# '${CONTROL}' && mode() ==# 'n'`);
  await editor.ex('preserve');
  ledger.hold(filesWith([editor.home, tmp], CONTROL).length === 1, 'the search does not find a swap file');
  await editor.ex('write');
  await editor.ex('bwipeout');
  await editor.ex(`call writefile(['${CONTROL}'], tempname())`);
  const found = filesWith([editor.home, tmp], CONTROL).filter((file) => !file.endsWith('/control'));
  ledger.hold(
    found.some((file) => file.startsWith(tmp)),
    `the search does not find a temporary file: ${found.join()}`,
  );
}

function filesWith(dirs: string[], text: string): string[] {
  return dirs
    .flatMap((dir) => readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => join(dir, name)))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() && contents(file).includes(text));
}

function contents(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
