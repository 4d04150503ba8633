/** A history of more versions than an editor can have buffers of. */
import { expect, it } from 'vitest';
import type { TestEtcd } from '../harness/etcd.js';
import { inOneOfEach } from './editors.js';

const VERSIONS = 1300;
const revisions: string[] = [];

async function fill(etcd: TestEtcd): Promise<void> {
  revisions.length = 0;
  for (let n = 0; n < VERSIONS; n++) revisions.push(await etcd.put('/t/a', `value ${n}`));
  // As the list has them.
  revisions.reverse();
}

inOneOfEach('past-long', fill, ({ open }) => {
  const shows = (nr: number) => `getline(1) ==# 'value ${VERSIONS - nr}' && bufname('%') =~# '?rev=${revisions[nr - 1] ?? ''}$'`;
  const list = async (rc: string[] = []) => {
    const editor = await open({ rc });
    await editor.ex('edit etcd:/t/a');
    await editor.ex('Etcd history');
    await editor.until(`len(getloclist(0)) == ${VERSIONS} && getline('$') =~# ${revisions[VERSIONS - 1]}`);
    return editor;
  };

  it('has them all, and buffers only for those that one is near to', async () => {
    const editor = await list();
    const line = (nr: number): string => {
      const revision = revisions[nr - 1] as string;
      return `etcd:///t/a?rev=${revision}|1| ${revision}  put     9 B, same size: value ${VERSIONS - nr}`;
    };
    expect(await editor.eval('getline(900, 900) + getline(1150, 1150)')).toEqual([line(900), line(1150)]);
    expect(await editor.eval('len(filter(getbufinfo(), \'v:val.name =~# "[?]rev="\')) < 1200')).toBe(1);
  });

  it('Enter on any line of it goes there, and the list stays in its place', async () => {
    const editor = await list();
    await editor.type('1150Gzt<CR>');
    await editor.until(shows(1150));
    await editor.ex('wincmd p');
    await editor.until("&buftype ==# 'quickfix'");
    expect(await editor.eval("[line('.'), line('w0')]")).toEqual([1150, 1150]);
    // Also in a window that is opened anew.
    await editor.ex('lclose | lopen');
    await editor.type('1250Gzt<CR>');
    await editor.until(shows(1250));
    await editor.ex('wincmd p');
    // It gives the entries near the line their buffers, and does not move either.
    await editor.type('1060Gzt');
    await editor.until("getloclist(0)[1059].bufnr > 0 && line('w0') == 1060");
    expect(await editor.eval("[line('.'), line('w0')]")).toEqual([1060, 1060]);
  });

  it('does not say over a newer message that it is complete, and puts no older one after an error', async () => {
    const editor = await open();
    await editor.ex('edit etcd:/t/a');
    await editor.ex("Etcd history | call etcd#ui#message#info('etcd: older') | call etcd#ui#message#error('etcd: newer')");
    await editor.until(`len(getloclist(0)) == ${VERSIONS}`);
    await editor.settled("execute('messages') =~# 'older'");
    const said = await editor.eval<string>("execute('messages')");
    expect(said.split('\n').filter((line) => /older|newer|changes/.test(line))).toEqual(['etcd: older', 'etcd: newer']);
  });

  it('CTRL-C stops it, and what has come stays', async () => {
    const editor = await open();
    await editor.ex('edit etcd:/t/a');
    // Before anything more can come.
    await editor.ex(String.raw`Etcd history | execute "normal \<C-C>"`);
    await editor.untilScreen(/stopped at 100 changes of etcd:\/\/\/t\/a/);
    expect(await editor.eval('len(getloclist(0))')).toBe(100);
  });

  it(':lnext goes on over the end of what has buffers, and :llast to the oldest one', async () => {
    // Time for whatever changes the list in the middle of the jump (E926).
    const editor = await list(['autocmd BufReadPre etcd:*{/,}* sleep 20m']);
    await editor.ex('wincmd p');
    await editor.ex('ll 960');
    await editor.until(shows(960));
    for (let nr = 961; nr < 1010; nr += 7) {
      await editor.ex('7lnext');
      await editor.until(shows(nr + 6));
      // The editor is idle before it needs them.
      await editor.until('getloclist(0)[1040].bufnr > 0');
    }
    await editor.ex('llast');
    await editor.until(shows(VERSIONS));
    await editor.ex('lprevious');
    await editor.until(shows(VERSIONS - 1));
  });

  it(':ll goes to an entry that had no buffer', async () => {
    const editor = await list();
    await editor.ex('wincmd p');
    await editor.type(':ll 1120<CR>');
    await editor.until(shows(1120));
    await editor.ex('3lnext');
    await editor.until(shows(1123));
    // In the window of the list, too.
    await editor.ex('wincmd p');
    await editor.type(':ll 1240<CR>');
    await editor.until(shows(1240));
  });

  it.each([
    ['a count', "let @q = ':190lnext' . nr2char(13)"],
    ['a macro', "let @q = repeat(':lnext' . nr2char(13), 190)"],
  ])('%s leaves none out', async (_, recorded) => {
    const editor = await list();
    await editor.ex('wincmd p');
    await editor.type(':ll 910<CR>');
    await editor.until(shows(910));
    await editor.ex(recorded);
    await editor.type('@q');
    await editor.until(shows(1100));
  });

  it('goes on in a window that was split, which has a list of its own', async () => {
    const editor = await list();
    await editor.ex('wincmd p | split');
    await editor.ex('ll 990');
    await editor.until(shows(990));
    await editor.until('getloclist(0)[1030].bufnr > 0');
    await editor.ex('20lnext');
    await editor.until(shows(1010));
    await editor.ex('lopen');
    await editor.type('1180G<CR>');
    await editor.until(shows(1180));
  });

  it('gives entries their buffers in an older list, too', async () => {
    const editor = await list();
    const older = await editor.eval<number>('win_getid()');
    await editor.ex('wincmd p | new | edit etcd:/t/a | Etcd history');
    await editor.ex(`call win_gotoid(${older})`);
    await editor.type('1150G');
    await editor.until('getloclist(0)[1149].bufnr > 0');
  });

  it('a version whose buffer was wiped out stays in the list', async () => {
    const editor = await list();
    await editor.ex(`bwipeout! etcd:///t/a?rev=${revisions[499] ?? ''}`);
    await editor.type('1150G');
    await editor.until('getloclist(0)[1149].bufnr > 0');
    expect(await editor.eval('getline(500)')).toContain(`etcd:///t/a?rev=${revisions[499] ?? ''}|`);
    await editor.type('500G<CR>');
    await editor.until(shows(500));
  });

  it('gives buffers to what comes later to a place that one is near to', async () => {
    const editor = await open();
    const come = (from: number, to: number): string =>
      `call etcd#past#near#add(win_getid(), g:id, g:all, map(range(${from}, ${to}), {_, i -> {'address': 'etcd:/t/a?rev=' . i, 'text': ''}}))`;
    await editor.ex("call setloclist(0, [], ' ', {'title': ':Etcd history x'}) | let [g:id, g:all] = [getloclist(0, {'id': 0}).id, []]");
    await editor.ex(come(1, 1150));
    await editor.ex("call setloclist(0, [], 'a', {'idx': 1140}) | call etcd#past#near#here()");
    await editor.ex(come(1151, 1300));
    expect(await editor.eval('[getloclist(0)[1149].bufnr > 0, getloclist(0)[1199].bufnr > 0, getloclist(0)[1200].bufnr > 0]')).toEqual([
      1, 1, 0,
    ]);
  });
});
