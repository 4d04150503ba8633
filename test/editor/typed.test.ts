/** Addresses can be typed as they are shown, although % is the current file to the editor. */
import { expect, it } from 'vitest';
import type { TestEtcd } from '../harness/etcd.js';
import { inEveryEditor } from './editors.js';

const keys = ['/t/feature flags/a', '/t/50% off', '/t/a#b', '/t/$HOME', '/t/p|q', '/t/x*?[y]', '/t/`id`', '/t/"q"', '/t/{a,b}', '/t/plain'];
const fill = async (etcd: TestEtcd): Promise<void> => {
  for (const key of keys) await etcd.put(key, `value of ${key}`);
};

inEveryEditor('typed', fill, ({ open, etcd }) => {
  it('what a listing and a buffer show opens when it is typed, after every command', async () => {
    const editor = await open({ args: ['etcd:/t/'] });
    await editor.settled("&filetype ==# 'etcd'");
    const shown = (await editor.lines()).filter((name) => !name.endsWith('/'));
    expect(shown).toHaveLength(keys.length - 1);
    for (const [index, name] of shown.entries()) {
      const command = ['e', 'sil! vert sp', ' :e!', 'tabe'][index % 4] ?? 'e';
      await editor.type(`:${command} etcd:///t/${name}<CR>`);
      await editor.settled(`bufname('%') ==# 'etcd:///t/${name}' && getline(1) =~# '^value'`);
    }
    await editor.type(':e etcd:///t/feature%20flags/<CR>');
    await editor.settled("bufname('%') ==# 'etcd:///t/feature%20flags/'");
    expect(await editor.lines()).toEqual(['a']);
    await editor.type(':new<CR>ix<Esc>:w etcd:/t/new%20one<CR>');
    await editor.settled("execute('messages') =~# 'written'");
    expect((await etcd().get('/t/new one'))?.value.toString()).toMatch(/^x/);
    await etcd().delete('/t/new one');
  });

  it('leaves alone what is escaped, what is no address, and what takes no names', async () => {
    const editor = await open({ args: ['etcd:/t/plain'] });
    await editor.settled("getline(1) =~# '^value'");
    await editor.type(':e etcd:///t/50\\%25\\%20off<CR>');
    await editor.settled("bufname('%') ==# 'etcd:///t/50%25%20off'");
    await editor.type(':let g:x = [1, "see etcd:///t/a%20b"]<CR>');
    await editor.until("get(g:, 'x', []) == [1, 'see etcd:///t/a%20b']");
    await editor.type(':s/^/ etcd:\\/a%20b /<CR>');
    await editor.settled("getline(1) =~# '^ etcd:/a%20b value'");
  });

  it('says so where the editor has put a file name into the address', async () => {
    const editor = await open({ args: ['etcd:/t/plain'], rc: ['set shortmess-=F'], size: { columns: 200, rows: 24 } });
    await editor.settled("getline(1) =~# '^value'");
    await editor.ex('edit etcd:///t/feature%20flags/');
    await editor.untilScreen(/no keys, revision \d+; the editor has put a file name in place of %/);
    await editor.ex('edit etcd:///t/plain');
    await editor.ex('edit etcd:///t/feature%20flags');
    await editor.untilScreen(/\[New\]; the editor has put a file name in place of %/);
    await editor.ex('edit etcd:///t/nothing');
    await editor.untilScreen(/nothing" \[New\]$/);
  });
});
