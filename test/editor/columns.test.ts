/** What one sees of keys: columns after the names, K, and a sorted copy. */
import { expect, it } from 'vitest';
import type { TestEtcd } from '../harness/etcd.js';
import { inEveryEditor } from './editors.js';

const fill = async (etcd: TestEtcd): Promise<void> => {
  await etcd.put('/c/sub/x', '1');
  await etcd.put('/c/sub/y', '2');
  await etcd.put('/c/long-name', 'secret value\nsecond');
  await etcd.put('/c/b', 'x'.repeat(2048));
  await etcd.put('/c/a', 'old');
  await etcd.put('/c/a', 'first\nsecond');
  await Promise.all(Array.from({ length: 300 }, (_, i) => etcd.put(`/many/${String(i).padStart(3, '0')}`, `value ${i}`)));
};

inEveryEditor('columns', fill, ({ open, etcd }) => {
  it('stand behind the names, aligned, and not in the text', async () => {
    const editor = await open({ args: ['etcd:/c/'], rc: ["let g:etcd = {'columns': ['size', 'version', 'value']}"] });
    await editor.untilScreen(/^a {13}12 B {2}2 {2}first$/);
    const rows = await editor.screen();
    expect(rows.slice(1, 4)).toEqual([
      expect.stringMatching(/^b {10}2\.0 KiB {2}1 {2}x+…$/),
      'long-name     19 B  1  secret value',
      'sub/        2 keys',
    ]);
    expect(await editor.lines()).toEqual(['a', 'b', 'long-name', 'sub/']);
    expect(await editor.eval('&modified')).toBe(0);
  });

  it('gc goes through them, in the listing that comes next too', async () => {
    const editor = await open({ args: ['etcd:/c/'] });
    await editor.settled("&filetype ==# 'etcd'");
    await editor.type('gc');
    await editor.untilScreen(/^a {10}first$/);
    await editor.type('gc');
    await editor.untilScreen(/^a {13}12 B/);
    await editor.type('G<CR>');
    await editor.untilScreen(/^x {2}1 B/);
    await editor.type('gc');
    await editor.untilScreen(/^x {2}1 +1 B/);
    await editor.type('gc');
    await editor.untilScreen(/columns: none/);
    await editor.untilScreen(/^x$/);
    await editor.type('gc');
    await editor.untilScreen(/^x {2}1$/);
  });

  it('stand beside names that :Etcd! find has found', async () => {
    const editor = await open({ rc: ["let g:etcd = {'columns': ['value', 'version']}"] });
    await editor.ex('Etcd! find /c/a');
    await editor.untilScreen(/^c\/a {2}first {2}2$/);
    await editor.untilScreen(/1 hit in \d+ keys, revision/);
    await editor.ex('Etcd! find a /c/a');
    await editor.untilScreen(/1 hit in 1 key, revision/);
  });

  it('have the room of the widest window that shows the line, less what numbers take there', async () => {
    await etcd().put('/wide/a', '0123456789'.repeat(20));
    const editor = await open({ args: ['etcd:/wide/'], rc: ["let g:etcd = {'columns': ['value']}"] });
    await editor.untilScreen(/^a {2}0123456789/);
    const wide = (await editor.eval<number>('&columns')) - 21;
    await editor.ex('vsplit | vertical resize 20');
    await editor.untilScreen(new RegExp(`[|│]a {2}\\d{${wide - 6}}…$`));
    await editor.ex('setlocal number numberwidth=4 | wincmd l | vertical resize 20 | wincmd h');
    await editor.untilScreen(new RegExp(`^ {2}1 a {2}\\d{${wide - 10}}… +[|│]a {2}\\d`));
  });

  it('stand where they do without a very long name, which has its own after it', async () => {
    await etcd().put('/long/a', 'first');
    await etcd().put(`/long/${'b'.repeat(80)}`, 'second');
    await etcd().put(`/long/${'c'.repeat(300)}`, 'third');
    const editor = await open({ args: ['etcd:/long/'], rc: ["let g:etcd = {'columns': ['value']} | set nowrap"] });
    await editor.untilScreen(/^a {2}first$/);
    expect((await editor.screen()).slice(1, 3)).toEqual([`${'b'.repeat(80)}  second`, expect.stringMatching(/^c+$/)]);
  });

  it('come for the lines in sight alone, and follow', async () => {
    const editor = await open({ args: ['etcd:/many/'], rc: ["let g:etcd = {'columns': ['value']}"] });
    await editor.untilScreen(/^000 {2}value 0$/);
    const shown =
      editor.kind === 'nvim'
        ? "len(nvim_buf_get_extmarks(0, nvim_create_namespace('etcd_beside'), 0, -1, {}))"
        : "len(prop_list(1, {'end_lnum': -1, 'types': ['etcdBeside']}))";
    expect(await editor.eval(shown)).toBeLessThanOrEqual(24);
    await editor.type('G');
    await editor.untilScreen(/^299 {2}value 299$/);
    await editor.type('gg');
    await editor.untilScreen(/^000 {2}value 0$/);
  });

  it('K tells all of what is under the cursor, but the value', async () => {
    const editor = await open({ args: ['etcd:/c/'] });
    await editor.settled("&filetype ==# 'etcd'");
    await editor.type('jjK');
    await editor.untilScreen(/value +19 bytes, 2 lines/);
    const screen = (await editor.screen()).join('\n');
    expect(screen).toMatch(/key +\/c\/long-name {2}\(12 bytes\)/);
    expect(screen).toMatch(/lease +none/);
    expect(screen).toMatch(/rights +everyone may read and write/);
    expect(screen).not.toContain('secret');
    await editor.type('j');
    await expect.poll(async () => (await editor.screen()).join('\n')).not.toContain('19 bytes');
    await editor.type('K');
    await editor.untilScreen(/keys +2, at revision/);
  });

  it('there is one window of K and :Etcd info at a time, the last one', async () => {
    const editor = await open({ args: ['etcd:/c/'] });
    await editor.settled("&filetype ==# 'etcd'");
    await editor.type('jjK');
    await editor.untilScreen(/value +19 bytes, 2 lines/);
    await editor.type(':Etcd info /c/b<CR>');
    await editor.untilScreen(/value +2,048 bytes, 1 line/);
    expect((await editor.screen()).join('\n')).not.toContain('19 bytes');
    await editor.type('q');
    await expect.poll(async () => (await editor.screen()).join('\n')).not.toContain(' bytes');
  });

  it('K in a value, and gives way to a map of the user', async () => {
    const editor = await open({ args: ['etcd:/c/a'], rc: ['nnoremap <F5> <Plug>(etcd-none)'] });
    await editor.settled("&filetype !=# 'etcd' && line('$') == 2");
    await editor.type('K');
    await editor.untilScreen(/version +2/);
    const other = await open({ args: ['etcd:/c/a'], rc: ['nnoremap K :let g:mine = 1<CR>'] });
    await other.settled("line('$') == 2");
    await other.type('K');
    await other.settled("get(g:, 'mine')");
  });

  it('q and Esc close what K shows, from where the cursor is and in it, and are no keys of ours after that', async () => {
    const editor = await open({ args: ['etcd:/c/'], rc: ['autocmd FileType etcd nnoremap <buffer> Q :<CR>'] });
    await editor.settled("&filetype ==# 'etcd'");
    for (const keys of ['q', '<Esc>', ...(editor.kind === 'nvim' ? ['Kq', 'K<Esc>'] : [])]) {
      await editor.type('jjK');
      await editor.untilScreen(/value +19 bytes, 2 lines/);
      await editor.type(keys);
      await expect.poll(async () => (await editor.screen()).join('\n')).not.toContain('19 bytes');
      expect(await editor.eval("[line('.'), maparg('q', 'n'), maparg('<Esc>', 'n'), reg_recording()]")).toEqual([3, '', '', '']);
      await editor.type('gg');
    }
  });

  it('gs shows a copy by the newest change, then by size', async () => {
    const editor = await open({ args: ['etcd:/c/'] });
    await editor.settled("&filetype ==# 'etcd'");
    const now = (await etcd().get('/c/a'))?.modRevision ?? '';
    await editor.type('gs');
    await editor.settled("bufname('%') =~# 'etcd-sort'");
    expect((await editor.lines()).map((line) => line.replace(/ +/g, ' '))).toEqual([
      `a ${now}`,
      `b ${Number(now) - 2}`,
      `long-name ${Number(now) - 3}`,
      'sub/',
    ]);
    await editor.type('gs');
    await editor.settled("getline(1) =~# '^b .*KiB'");
    await editor.type('<CR>');
    await editor.settled("bufname('%') ==# 'etcd:///c/b'");
  });
});
