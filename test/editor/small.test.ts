/** Habits from files: what `:r` says, `:e!` in our own windows, the mouse, previews of the past, names with a line. */
import { expect, it } from 'vitest';
import type { TestEtcd } from '../harness/etcd.js';
import { inEveryEditor } from './editors.js';

let old = '';
const fill = async (etcd: TestEtcd): Promise<void> => {
  await etcd.put('/s/x', 'old\n');
  old = (await etcd.get('/s/x'))?.modRevision ?? '';
  await etcd.put('/s/x', 'one\ntwo\n');
  await etcd.put('/s/empty', '');
};

inEveryEditor('small', fill, ({ open }) => {
  it(':r says what it has inserted, as for a file', async () => {
    const editor = await open({ rc: ['set shortmess-=F'] });
    await editor.type(':r etcd:/s/x<CR>');
    await editor.untilScreen(/^"etcd:\/\/\/s\/x" 2L, 8B$/);
    await editor.type(':r etcd:/s/empty<CR>');
    await editor.untilScreen(/^"etcd:\/\/\/s\/empty" 0L, 0B$/);
  });

  it.each(['status', 'health'])(':e! leaves what :Etcd %s has shown', async (verb) => {
    const editor = await open();
    await editor.ex(`Etcd ${verb}`);
    const lines = await editor.lines();
    expect(lines.length).toBeGreaterThan(2);
    for (const command of ['edit!', 'edit']) {
      await editor.ex(command);
      expect([await editor.lines(), await editor.eval('[&modifiable, &modified]')]).toEqual([lines, [0, 0]]);
    }
  });

  it('a double click opens', async () => {
    const editor = await open({ args: ['etcd:/s/'], rc: ['set mouse=a'] });
    await editor.settled("&filetype ==# 'etcd'");
    await editor.type('G');
    await editor.settled("line('.') == 2");
    await editor.eval('feedkeys("\\<2-LeftMouse>", \'m\')');
    await editor.settled("bufname('%') ==# 'etcd:///s/x'");
  });

  it('the past in the preview window, from a listing and by name', async () => {
    const editor = await open();
    await editor.ex(`edit etcd:/s/?rev=${old}`);
    await editor.type('p');
    const preview = "getbufline(winbufnr(filter(range(1, winnr('$')), 'getwinvar(v:val, \"&previewwindow\")')[0]), 1, '$')";
    await editor.settled("winnr('$') == 2");
    expect(await editor.eval(preview)).toEqual(['old']);
    await editor.ex('pclose | edit etcd:/s/x');
    await editor.ex(`pedit etcd:/s/x?rev=${old}`);
    expect([await editor.eval(preview), await editor.lines()]).toEqual([['old'], ['one', 'two']]);
  });

  it('a name with a line behind it says how to go there', async () => {
    const editor = await open({ size: { columns: 200, rows: 24 } });
    await editor.ex('set hidden');
    await editor.eval("setline(1, 'see etcd:///s/x:2 there')");
    await editor.type('wgF');
    await editor.untilScreen(/"etcd:\/\/\/s\/x:2" \[New\]; line 2 of the key without it: :e \+2 etcd:\/\/\/s\/x$/);
    await editor.type(':e etcd:/s/none:2<CR>');
    await editor.untilScreen(/"etcd:\/\/\/s\/none:2" \[New\]$/);
  });
});
