/** :Etcd: addresses, verbs, slips, and what follows it on the line. */
import { expect, it } from 'vitest';
import type { TestEtcd } from '../harness/etcd.js';
import { inEveryEditor } from './editors.js';

const fill = async (etcd: TestEtcd): Promise<void> => {
  for (const key of ['/e/a', '/e/p|q', '/e/say "x"', '/e/50% #', 'status', 'dev/x']) await etcd.put(key, `value of ${key}`);
};

inEveryEditor('command', fill, ({ open, etcd }) => {
  it.each([
    ['staus', /:Etcd has no staus: do you mean status\?; the key of that name is :Etcd etcd:staus/],
    ['stauts', /do you mean status\?/],
    ['rmm /e/a', /:Etcd has no rmm: do you mean rm\?/],
    ['gerp! x /e/', /:Etcd has no gerp: do you mean grep\?/],
    ['vm /e/a /e/b', /:Etcd has no vm: /],
    ['heal', /do you mean health\?/],
    ['lgo', /do you mean log\?/],
    ['nonsense', /:Etcd has no nonsense: there are as, at, blame, changes, cp, /],
    ['diff all', /:Etcd diff takes nothing after it/],
    ['! status', /:Etcd status takes no ! \(E477\)/],
  ])('%s is an error, and opens nothing', async (argument, told) => {
    const editor = await open();
    await expect(editor.ex(`Etcd${argument.startsWith('!') ? '' : ' '}${argument}`)).rejects.toThrow(told);
    expect(await editor.eval("[bufname('%'), winnr('$')]")).toEqual(['', 1]);
  });

  it.each([
    ['status', /:Etcd status takes no range \(E481\)/],
    ['/e/a', /:Etcd \{address\} takes no range \(E481\)/],
    ['staus', /do you mean status\?/],
  ])('%s takes no lines, and says so by name', async (argument, told) => {
    const editor = await open();
    await expect(editor.ex(`1Etcd ${argument}`)).rejects.toThrow(told);
    expect(await editor.eval("[bufname('%'), winnr('$')]")).toEqual(['', 1]);
  });

  it('a row of the table is a verb: lines, bang, modifiers and the rest of the line reach it', async () => {
    const editor = await open();
    const run = "{given -> extend(g:, {'given': given})}";
    const row = `{'run': ${run}, 'range': 1, 'bang': 1, 'complete': {-> ['one', 'two']}}`;
    await editor.ex(`call extend(etcd#verb#table#rows(), {'sample': ${row}})`);
    await editor.ex("call setline(1, ['a', 'b', 'c'])");
    await editor.ex('silent vertical 2,3Etcd! sample  one  two | let g:next = 1');
    expect(await editor.eval('[g:given.argument, g:given.bang, g:given.range]')).toEqual(['one  two', 1, [2, 3]]);
    expect(await editor.eval('g:given.mods')).toContain('vertical');
    expect(await editor.eval('g:next')).toBe(1);
    await editor.ex('Etcd sample');
    expect(await editor.eval('g:given')).toEqual({ argument: '', bang: 0, range: [], mods: '' });
    expect(await editor.eval("getcompletion('Etcd sample t', 'cmdline')")).toEqual(['two']);
    expect(await editor.eval("getcompletion('Etcd sam', 'cmdline')")).toEqual(['sample']);
  });

  it('what has a slash or the scheme is an address', async () => {
    const editor = await open();
    for (const [argument, name] of [
      ['/e/a', 'etcd:///e/a'],
      ['dev/x', 'etcd:///./dev/x'],
      ['etcd:status', 'etcd:///./status'],
      ['/e/50% #', 'etcd:///e/50%25%20%23'],
      ['etcd:///e/50%25%20%23', 'etcd:///e/50%25%20%23'],
    ]) {
      await editor.ex(`Etcd ${argument}`);
      expect(await editor.eval("[bufname('%'), getline(1) =~# '^value']")).toEqual([name, 1]);
    }
    await editor.ex('Etcd!');
    expect(await editor.eval("[bufname('%'), b:etcd.partial]")).toEqual(['etcd:///./', 0]);
    await editor.ex('vertical Etcd! /e/');
    expect(await editor.eval("[bufname('%'), winnr('$')]")).toEqual(['etcd:///e/', 2]);
  });

  it('completes verbs bare, and keys without a slash with the scheme', async () => {
    const editor = await open();
    expect(await editor.eval("getcompletion('Etcd sta', 'cmdline')")).toEqual(['status', 'etcd:status']);
    expect(await editor.eval("getcompletion('Etcd de', 'cmdline')")).toEqual(['dev/']);
    // A blank in a name is written with a backslash, or as in an address.
    for (const lead of ['rm /e/say\\ ', 'mv /e/a etcd:/e/say\\ ', 'cp /e/say%20']) {
      const found = lead.includes('etcd:') ? 'etcd:/e/say%20%22x%22' : '/e/say%20%22x%22';
      expect(await editor.eval(`getcompletion('Etcd ${lead}', 'cmdline')`)).toEqual([found]);
    }
  });

  it('another command may follow, as after :edit', async () => {
    const editor = await open({ rc: [`let g:etcd = {'profiles': {'other': {'endpoints': ['${etcd().endpoint}']}}}`] });
    await editor.ex('Etcd /e/a | vsplit');
    expect(await editor.eval("[bufname('%'), winnr('$')]")).toEqual(['etcd:///e/a', 2]);
    await editor.ex('Etcd use other | edit etcd:/e/a');
    expect(await editor.eval("bufname('%')")).toBe('etcd://other/e/a');
    await editor.ex('Etcd etcd:///e/p\\|q');
    expect(await editor.eval("[bufname('%'), getline(1)]")).toEqual(['etcd:///e/p%7Cq', 'value of /e/p|q']);
    await editor.ex('Etcd etcd:///e/say \\"x\\" " a comment');
    expect(await editor.eval("[bufname('%'), getline(1)]")).toEqual(['etcd:///e/say%20%22x%22', 'value of /e/say "x"']);
  });
});
