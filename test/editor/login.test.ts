/** Passwords: asked for if a person can answer, kept nowhere, and what one sees of the rights behind them. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import type { Editor } from '../harness/editor.js';
import { tools } from '../harness/tools.js';
import { ALICE, enableAuth, ROOT } from '../harness/users.js';
import { inOneOfEach } from './editors.js';

/** Part of alice's password, in the form in which it would show up anywhere. */
const SECRET = 'alice "';
let cluster: TestCluster;

describe('login', () => {
  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.inspect().put('/l/x', 'mine to see');
    await cluster.inspect().put('/l-read', 'mine to see alone');
    await cluster.inspect().put('/other/x', 'not mine');
    await enableAuth(cluster.inspect(), [
      { type: 'READWRITE', key: '/l/', rangeEnd: '/l0' },
      { type: 'READ', key: '/l-read' },
      { type: 'WRITE', key: '/l-drop' },
    ]);
  });
  afterAll(() => cluster.close());

  inOneOfEach(
    'login',
    () => Promise.resolve(),
    ({ open, tool }) => {
      const settings = (more = '') => [
        `let g:etcd = {'profiles': {'auth': {'endpoints': '${cluster.endpoints[0] as string}', 'user': 'alice'${more}}}}`,
      ];

      /** Everything that an editor would show or keep of it. */
      async function expectNoSecret(editor: Editor): Promise<void> {
        const shown = await editor.eval<string>(
          "execute('messages') . execute('history all') . execute('let g:') . execute('let v:') . execute('registers') . string(etcd#host#rpc#request('log', {}, 'read'))",
        );
        expect(shown).not.toContain(SECRET);
        expect((await editor.screen()).join('\n')).not.toContain(SECRET);
        const host = /pid (\d+)/.exec(await editor.eval<string>('string(etcd#verb#health#lines())'))?.[1] ?? '';
        for (const file of ['cmdline', 'environ']) expect(readFileSync(`/proc/${host}/${file}`, 'utf8')).not.toContain(SECRET);
        const left = readdirSync(`${editor.home}/run`, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
        for (const { parentPath, name } of left) expect(readFileSync(`${parentPath}/${name}`, 'utf8')).not.toContain(SECRET);
      }

      it('of a role that may only write: :w says why not, :w! writes', async () => {
        const profile = settings(`, 'password_command': ['printf', '%s', '${ALICE.password}']`);
        const editor = await open({ rc: profile });
        await editor.ex("call setline(1, 'dropped') | setlocal noeol nofixeol");
        await expect(editor.ex('write etcd://auth/l-drop')).rejects.toThrow(/user alice may write it, but not read it.*; :w! writes over/);
        await cluster.login(ROOT.user, ROOT.password);
        expect(await cluster.inspect().get('/l-drop')).toBeUndefined();
        await editor.ex('write! etcd://auth/l-drop');
        expect((await cluster.inspect().get('/l-drop'))?.value.toString()).toBe('dropped');
        await cluster.inspect().delete('/l-drop');
      });

      it('is asked for without echo, once; a wrong one is an error, and the next command asks again', async () => {
        const editor = await open({ rc: settings(), size: { columns: 160, rows: 24 } });
        await editor.type(':e etcd://auth/l/x<CR>');
        await editor.untilAsked(/etcd: password of alice, profile auth: $|etcd: password of alice, profile auth:$/);
        await editor.type('wrong<CR>');
        await editor.untilScreen(/^etcd: cannot read etcd:\/\/auth\/l\/x .*wrong password/);
        expect(await editor.eval('[b:etcd.kind, &modifiable, b:etcd.code]')).toEqual(['failed', 0, 'unauthenticated']);
        await editor.type(':e!<CR>');
        await editor.untilAsked(/etcd: password of alice/);
        await editor.type(`${ALICE.password}<CR>`);
        await editor.settled("getline(1) ==# 'mine to see'");
        await expectNoSecret(editor);
        await editor.type('ccwritten<Esc>:w<CR>');
        await editor.settled("getline(1) ==# 'written' && !&modified");
        await cluster.login(ROOT.user, ROOT.password);
        expect((await cluster.inspect().get('/l/x'))?.value.toString()).toBe('written');
        await cluster.inspect().put('/l/x', 'mine to see');
      });

      it('what comes before the question is no part of the password, and a paste after it is the password', async () => {
        // It can run as soon as the editor waits, for quiet or for the password.
        const late =
          "function! Late(_) abort\nif execute('messages') =~# 'asks for'\ncall feedkeys(\"pasted\\<CR>\")\nelse\ncall timer_start(1, 'Late')\nendif\nendfunction";
        const marks = tool.kind === 'vim' ? [String.raw`let [&t_PS, &t_PE] = ["\e[200~", "\e[201~"]`] : [];
        const editor = await open({ rc: [...settings(), ...marks, late], size: { columns: 160, rows: 24 } });
        await editor.eval("timer_start(1, 'Late')");
        await editor.type(':e etcd://auth/l/x<CR>');
        await editor.untilAsked(/etcd: password of alice/);
        await editor.type(`\x1b[200~${ALICE.password}\x1b[201~`);
        // Neovim takes a key before a paste that came earlier.
        await editor.untilScreen(/profile auth: \*+$/);
        await editor.type('<CR>');
        await editor.settled("getline(1) ==# 'mine to see'");
        await expectNoSecret(editor);
      });

      it('nothing typed is the error, and Node that was restarted asks again', async () => {
        const editor = await open({ rc: settings(), size: { columns: 160, rows: 24 } });
        for (const answer of ['<CR>', '<C-c>']) {
          await editor.type(':e etcd://auth/l/x<CR>');
          await editor.untilAsked(/etcd: password of alice/);
          await editor.type(answer);
          // We look at the screen, because <C-c> interrupts whatever runs in the editor, even a question of ours.
          await editor.untilScreen(/the password of alice is not known/);
          await editor.until("get(get(b:, 'etcd', {}), 'kind', '') ==# 'failed'");
          await editor.type(':messages clear | redraw!<CR>');
          await editor.settled("execute('messages') !~# 'etcd'");
        }
        await editor.type(':e!<CR>');
        await editor.untilAsked(/etcd: password of alice/);
        await editor.type(`${ALICE.password}<CR>`);
        await editor.settled("getline(1) ==# 'mine to see'");
        await editor.ex('Etcd restart');
        await editor.type(':e!<CR>');
        await editor.untilAsked(/etcd: password of alice/);
        await editor.type(`${ALICE.password}<CR>`);
        await editor.settled("getline(1) ==# 'mine to see'");
      });

      it('nobody is asked within a macro or a mapping, nor by a completion', async () => {
        const editor = await open({
          rc: [...settings(), 'let @q = ":e etcd://auth/l/x\\<CR>ix\\<Esc>"', 'nnoremap Z :e etcd://auth/l/x<CR>ix<Esc>'],
        });
        const refused = async (): Promise<void> => {
          await editor.until("etcd#host#rpc#code() ==# 'unauthenticated' || get(get(b:, 'etcd', {}), 'code', '') ==# 'unauthenticated'");
          expect((await editor.screen()).join('\n')).not.toMatch(/password of alice, profile/);
        };
        for (const keys of ['@q', 'Z']) {
          await editor.type(keys);
          await refused();
          await editor.normal();
          await editor.ex("execute 'Etcd restart' | enew");
        }
        await editor.type(':Etcd etcd://auth/l<Tab>');
        await refused();
        await editor.type('<C-c>');
      });

      it('nobody is asked in Insert mode or silently, nor by what comes by itself, and the error says why', async () => {
        const editor = await open({ rc: settings(), size: { columns: 160, rows: 24 } });
        for (const [command, keys, why] of [
          ['call timer_start(1, {-> execute("edit etcd://auth/l/x", "")})', '', 'it came by itself'],
          ['autocmd TextChangedI * ++once ++nested edit etcd://auth/l/y', 'ihello', 'it came in Insert mode'],
          ['silent edit etcd://auth/l/z', '', 'it runs silently'],
        ] as const) {
          await editor.type(`:${command}<CR>${keys}`);
          await editor.until(`execute('messages') . get(get(b:, 'etcd', {}), 'error', '') =~# 'nobody was asked for the password: ${why}'`);
          await editor.normal();
          await editor.ex('silent! only! | enew!');
        }
      });

      it('the environment, a command or a private file give it unasked', async () => {
        const editor = await open({
          rc: [
            ...settings(),
            `call writefile([${JSON.stringify(ALICE.password).replace('\\"', '\\"')}], $HOME . '/secret')`,
            "call setfperm($HOME . '/secret', 'rw-------')",
          ],
          endpoints: [cluster.endpoints[0] as string],
          env: { ETCDCTL_USER: 'alice', ETCDCTL_PASSWORD: ALICE.password },
        });
        await editor.ex('edit etcd:/l/x');
        expect(await editor.lines()).toEqual(['mine to see']);
        for (const source of ["password_file': '~/secret'", "password_command': ['cat', $HOME . '/secret']"]) {
          await editor.eval(`execute(${JSON.stringify(settings(`, '${source}`)[0])})`);
          await editor.ex('edit! etcd://auth/l/x');
          expect(await editor.lines()).toEqual(['mine to see']);
        }
        await editor.eval("setfperm($HOME . '/secret', 'rw-r--r--')");
        await editor.eval(`execute(${JSON.stringify(settings(", 'password_file': '~/secret'")[0])})`);
        await editor.ex('edit! etcd://auth/l/x');
        expect(await editor.eval('b:etcd.error')).toMatch(/secret/);
      });

      it('a :w that is denied says who may not write what, and keeps the text', async () => {
        const editor = await open({ endpoints: [cluster.endpoints[0] as string], env: { ETCDCTL_USER: `alice:${ALICE.password}` } });
        await editor.ex('edit etcd:/l-read');
        await editor.eval("setline(1, 'typed')");
        const other = ['write etcd:/other/x', 'write! etcd:/other/x', 'write! >> etcd:/other/x'];
        for (const command of ['write', 'write!', 'update', 'wall', ...other]) {
          const key = command.includes('other') ? 'etcd:///other/x' : 'etcd:///l-read';
          await expect(editor.ex(command), command).rejects.toThrow(new RegExp(`cannot write ${key} .*permission denied to user alice`));
          const here = await editor.eval("[bufname('%'), getline(1, '$'), &modified]");
          expect(here, command).toEqual(['etcd:///l-read', ['typed'], 1]);
        }
        await editor.ex('write! etcd:/l/typed');
        await cluster.login(ROOT.user, ROOT.password);
        const held = await Promise.all(['/l-read', '/other/x', '/l/typed'].map((it) => cluster.inspect().get(it)));
        expect(held.map((kv) => kv?.value.toString())).toEqual(['mine to see alone', 'not mine', 'typed']);
        await cluster.inspect().delete('/l/typed');
      });

      it('a listing of what one may see is partial, and :Etcd status says who one is', async () => {
        const editor = await open({
          endpoints: [cluster.endpoints[0] as string],
          env: { ETCDCTL_USER: `alice:${ALICE.password}` },
          size: { columns: 160, rows: 24 },
        });
        await editor.ex('edit etcd:/');
        expect(await editor.eval("[getline(1, '$'), etcd#statusline() =~# ' \\[partial\\]']")).toEqual([['l-read', 'l/'], 1]);
        await editor.ex('Etcd status');
        const lines = await editor.lines();
        expect(lines).toContainEqual(expect.stringMatching(/^user +alice$/));
        // etcd 3.4 tells everyone about its members and alarms.
        const denies = !tools.etcds.at(-1)?.version.startsWith('3.4.');
        expect(lines.some((line) => /^not allowed +\S/.test(line))).toBe(denies);
        expect(lines).toContainEqual(expect.stringMatching(/^http:\S+ +in use +[\d.]+ ms$/));
      });
    },
  );
});
