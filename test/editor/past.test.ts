/** The past in the editor: from one revision to another, the list of versions, and what each has changed. */
import { expect, it } from 'vitest';
import type { TestEtcd } from '../harness/etcd.js';
import { inOneOfEach } from './editors.js';

const revisions: string[] = [];
const list = "map(getloclist(0), '[bufname(v:val.bufnr), v:val.text]')";

async function fill(etcd: TestEtcd): Promise<void> {
  revisions.length = 0;
  revisions.push(await etcd.put('/t/a', 'one'));
  revisions.push(await etcd.put('/t/a', 'three'));
  revisions.push(await etcd.put('/t/b', 'b'));
  await etcd.delete('/t/b');
  revisions.push(await etcd.put('/t/c', 'c'));
}

inOneOfEach('past', fill, ({ open, etcd }) => {
  const name = (key: string, revision: number | string): string => `etcd://${key}?rev=${revision}`;

  it(':Etcd at goes to a revision, to the changes before and after it, and to the present', async () => {
    const [first, second, third] = revisions as [string, string, string];
    const deleted = Number(third) + 1;
    const editor = await open();
    await editor.ex('edit etcd:/t/a');
    await editor.ex('Etcd at -1');
    expect(await editor.eval("[bufname('%'), getline(1), &modifiable, &readonly]")).toEqual([name('/t/a', first), 'one', 0, 1]);
    await editor.ex('Etcd at +1');
    expect(await editor.eval("[bufname('%'), getline(1)]")).toEqual([name('/t/a', second), 'three']);
    await expect(editor.ex('Etcd at +1')).rejects.toThrow(/there is no newer change; :Etcd at shows the present/);
    await editor.ex(`Etcd at ${first}`);
    await expect(editor.ex('Etcd at -1')).rejects.toThrow(/there is no older change; :Etcd history/);
    await editor.ex('Etcd at');
    expect(await editor.eval("[bufname('%'), &modifiable]")).toEqual(['etcd:///t/a', 1]);
    await editor.ex('edit etcd:/t/');
    await editor.ex('Etcd at -1');
    expect(await editor.eval("[bufname('%'), getline(1, '$')]")).toEqual([name('/t/', deleted), ['a']]);
    await editor.ex('Etcd at -1');
    expect(await editor.eval("[bufname('%'), getline(1, '$')]")).toEqual([name('/t/', third), ['a', 'b']]);
  });

  it('Enter, - and Tab in the past stay in it', async () => {
    const [first] = revisions as [string];
    const editor = await open();
    await editor.ex(`edit etcd:/t/?rev=${first}`);
    await editor.type('<CR>');
    await editor.until(`bufname('%') ==# '${name('/t/a', first)}'`);
    await editor.ex('execute "normal \\<Plug>(etcd-up)"');
    await editor.until(`bufname('%') ==# '${name('/t/', first)}'`);
    await editor.type(`:edit etcd:/t?rev=${first}<Tab>`);
    await editor.until(`getcmdline() ==# 'edit etcd:/t/\\?rev=${first}'`);
    await editor.type(`<C-U>edit etcd:/t/?rev=${first}<Tab>`);
    await editor.until(`getcmdline() ==# 'edit etcd:/t/a\\?rev=${first}'`);
    await editor.type('<CR>');
    await editor.until(`bufname('%') ==# '${name('/t/a', first)}'`);
  });

  it(':Etcd history lists the versions, :lnext walks them, and = shows what one has changed', async () => {
    const [first, second] = revisions as [string, string];
    const editor = await open();
    await editor.ex('edit etcd:/t/a | Etcd history');
    expect(await editor.eval(`[&buftype, ${list}]`)).toEqual([
      'quickfix',
      [
        [name('/t/a', second), `${second}  put     5 B, +2 B: three`],
        [name('/t/a', first), `${first}  put     3 B, created: one`],
      ],
    ]);
    // In the list: what the change on the line was.
    await editor.type('=');
    await editor.settled("winnr('$') == 3 && &diff");
    const texts = "map(filter(getwininfo(), 'getwinvar(v:val.winid, \"&diff\")'), 'getbufline(v:val.bufnr, 1)[0]')";
    expect(await editor.eval(`[bufname('%'), ${texts}]`)).toEqual([name('/t/a', second), ['one', 'three']]);
    await editor.type('=');
    await editor.until("winnr('$') == 2 && !&diff");
    await editor.type('=');
    await editor.settled("winnr('$') == 3 && &diff");
    // The diff of the other change ends.
    await editor.ex('lopen 9 | 2');
    await editor.type('=');
    await editor.untilScreen(/there is no older change/);
    await editor.settled(`winnr('$') == 2 && !&diff && bufname('%') ==# '${name('/t/a', first)}'`);
    await editor.ex('lprevious');
    expect(await editor.eval("[bufname('%'), getline(1)]")).toEqual([name('/t/a', second), 'three']);
  });

  it('a delete is a stop on the way: an empty text that says so', async () => {
    const deleted = Number(revisions[2]) + 1;
    const editor = await open();
    await editor.ex('Etcd history etcd:/t/b');
    await editor.type('<CR>');
    await editor.untilScreen(new RegExp(`rev=${deleted}" \\[deleted\\]`));
    expect(await editor.eval("[getline(1, '$'), &modifiable, etcd#statusline() =~# 'deleted']")).toEqual([[''], 0, 1]);
    await expect(editor.ex('write')).rejects.toThrow();
    await editor.ex('lnext');
    expect(await editor.eval('getline(1)')).toBe('b');
  });

  it('of a prefix it says which keys were changed', async () => {
    const editor = await open();
    await editor.ex('Etcd history etcd:/t/');
    expect(await editor.eval('map(getloclist(0), \'v:val.text =~# "put" ? bufname(v:val.bufnr)[7:9] : "-"\')')).toEqual([
      ...['/t/', '-', '/t/', '/t/', '/t/'],
    ]);
  });

  it('what is compacted, and what is still to come, is told', async () => {
    const editor = await open();
    await editor.ex('edit etcd:/t/a?rev=999999');
    expect(await editor.eval('b:etcd.error')).toMatch(/future revision.*:Etcd at shows the present/);
  });

  it(':Etcd restore shows what it changes, asks, and writes the past as the present', async () => {
    const old = await etcd().put('/u/a', 'one\ntwo\n');
    await etcd().put('/u/a', 'one\nthree\n');
    const editor = await open();
    await editor.ex('edit etcd:/u/a');
    await expect(editor.ex('Etcd restore')).rejects.toThrow(/only the past can be restored/);
    await editor.ex('Etcd at -1');
    await editor.type(':Etcd restore<CR>');
    await editor.untilScreen(/-three/);
    await editor.untilScreen(new RegExp(`Restore etcd:///u/a from revision ${old} \\(default\\)`));
    await editor.type('n');
    await editor.untilScreen(/you have not said yes/);
    expect((await etcd().get('/u/a'))?.value.toString()).toBe('one\nthree\n');
    await editor.type(':Etcd restore<CR>');
    await editor.untilScreen(/Restore etcd/);
    await editor.type('y');
    await editor.untilScreen(/1 key, revision/);
    expect((await etcd().get('/u/a'))?.value.toString()).toBe('one\ntwo\n');
  });

  it(':Etcd! restore asks nothing, for a prefix too, and brings buffers of the present up to date', async () => {
    const old = await etcd().put('/v/a', 'old');
    await etcd().put('/v/a', 'new');
    await etcd().put('/v/b', 'new');
    const editor = await open();
    await editor.ex(`edit etcd:/v/a | split etcd:/v/?rev=${old} | Etcd! restore`);
    expect((await etcd().get('/v/a'))?.value.toString()).toBe('old');
    expect(await etcd().get('/v/b')).toBe(undefined);
    expect(await editor.eval("getbufline(bufnr('etcd:///v/a$'), 1)")).toEqual(['old']);
  });
});
