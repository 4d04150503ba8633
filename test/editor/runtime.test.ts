/** What an editor loads: every script, the help, the health report, and Neovim's own host. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { TestEtcd } from '../harness/etcd.js';
import { tools } from '../harness/tools.js';
import { inEveryEditor } from './editors.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const scripts = ['plugin', 'autoload', 'ftplugin', 'syntax'].flatMap((part) =>
  (readdirSync(join(ROOT, part), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.vim'))
    .map((name) => join(ROOT, part, name)),
);
const fill = async (etcd: TestEtcd): Promise<void> => {
  await etcd.put('/l/x', 'value');
};

inEveryEditor('runtime', fill, ({ open }) => {
  it('sources every script, twice, without a word', async () => {
    const editor = await open({ rc: ['let g:loaded_etcd = 1'] });
    await editor.ex('unlet g:loaded_etcd');
    expect(scripts.length).toBeGreaterThan(15);
    for (const script of [...scripts, ...scripts]) await editor.ex(`source ${script}`);
    expect(await editor.eval<string>("execute('messages')")).not.toMatch(/E\d+:|etcd/);
  });

  it('does nothing at startup: no autoload script, no process', async () => {
    const editor = await open();
    const loaded = await editor.eval<string>("execute('scriptnames')");
    expect(loaded).toMatch(/plugin\/etcd\.vim/);
    expect(loaded).not.toMatch(/autoload\/etcd/);
  });

  it(':help etcd', async () => {
    const editor = await open();
    await editor.ex('help etcd');
    expect(await editor.eval("expand('%:t')")).toBe('etcd.txt');
    for (const tag of ['etcd-listing-maps', ':Etcd', 'etcd-address', 'etcd-errors', 'etcd-E-conflict', 'g:etcd'])
      await editor.ex(`help ${tag}`);
  });

  it('reports its health', async () => {
    const editor = await open();
    await editor.ex(editor.kind === 'nvim' ? 'checkhealth etcd' : 'Etcd health');
    await editor.settled("join(getline(1, '$')) =~# 'default profile'");
    expect((await editor.lines()).join('\n')).toMatch(/OK:? +default profile: http:\/\/127.0.0.1:\d+ answers/);
  });

  it("a user's <Plug> map takes the place of ours", async () => {
    const editor = await open({ args: ['etcd:/l/'], rc: ['nmap L <Plug>(etcd-open)', 'nnoremap <CR> :let g:own = 1<CR>'] });
    await editor.settled("&filetype ==# 'etcd'");
    await editor.type('<CR>');
    await editor.settled("exists('g:own')");
    await editor.type('L');
    await editor.settled("bufname('%') ==# 'etcd:///l/x'");
  });

  it("an error in someone's autocommand is shown, and the value is there", async () => {
    const editor = await open({ rc: ['autocmd BufReadPost etcd:*/* throw "oops"', 'autocmd User EtcdReadPost throw "again"'] });
    await editor.ex('edit etcd:/l/x');
    expect(await editor.eval("[getline(1), b:etcd.kind, execute('messages') =~# 'oops']")).toEqual(['value', 'key', 1]);
  });
});

describe.each(tools.editors.filter(({ kind }) => kind === 'nvim'))("Neovim's own host ($name)", ({ command }) => {
  it(':UpdateRemotePlugins registers it, and a value opens and is written through it', async () => {
    const { startEtcd } = await import('../harness/etcd.js');
    const { startEditor } = await import('../harness/editor.js');
    const etcd = await startEtcd();
    await etcd.put('/r/x', 'value');
    const host = join(ROOT, 'node_modules/neovim/bin/cli.js');
    const rc = [`let g:node_host_prog = '${host}'`, "let g:etcd = {'host': 'remote'}"];
    const name = tools.editors.find((tool) => tool.command === command)?.name ?? '';
    const tool = { name, command, kind: 'nvim' as const };
    const editor = await startEditor(tool, { rc, endpoints: [etcd.endpoint] });
    await editor.ex('UpdateRemotePlugins');
    const manifest = await editor.eval<string>("empty($NVIM_RPLUGIN_MANIFEST) ? stdpath('data') . '/rplugin.vim' : $NVIM_RPLUGIN_MANIFEST");
    expect(await editor.eval<string>(`join(readfile('${manifest}'))`)).toMatch(/EtcdHostSend/);
    await editor.ex(`source ${manifest}`);
    await editor.ex('edit etcd:/r/x');
    expect(await editor.eval('[getline(1), etcd#host#job#status()]')).toEqual(['value', 'remote']);
    await editor.eval("setline(1, 'through the host')");
    await editor.ex('write');
    expect((await etcd.get('/r/x'))?.value.toString()).toBe('through the host');
    await editor.close();
    await etcd.stop();
  });
});

describe.each(tools.editors)('installed ($name)', ({ name, command, kind }) => {
  it('as a native package: the folder on packpath is all', async () => {
    const { startEtcd } = await import('../harness/etcd.js');
    const { startEditor } = await import('../harness/editor.js');
    const etcd = await startEtcd();
    await etcd.put('/r/x', 'value');
    const editor = await startEditor({ name, command, kind }, { bare: true, endpoints: [etcd.endpoint] });
    const start = join(editor.home, 'pack/x/start');
    mkdirSync(start, { recursive: true });
    symlinkSync(ROOT.replace(/\/$/, ''), join(start, 'etcd.vim'));
    writeFileSync(join(editor.home, 'vimrc'), `set nocompatible packpath^=${editor.home}\nfiletype plugin on\n`);
    const out = join(editor.home, 'out');
    const lines = ['edit etcd:/r/x', `call writefile(getline(1, '$') + getcompletion('Etcd find /r', 'cmdline'), '${out}')`, 'qa!'];
    const args = ['-es', '-u', join(editor.home, 'vimrc'), '-i', 'NONE', ...lines.flatMap((line) => ['-c', line])];
    execFileSync(command, args, {
      env: { PATH: process.env['PATH'], HOME: editor.home, ETCDCTL_ENDPOINTS: etcd.endpoint },
      stdio: 'ignore',
    });
    expect(await editor.eval(`readfile('${out}')`)).toEqual(['value', '/r/x']);
    await editor.close();
    await etcd.stop();
  });
});
