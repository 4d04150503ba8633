/** What happens around a write: to its autocommands, to the text meanwhile, to names, and after a write whose outcome is unknown. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { startCluster } from '../harness/cluster.js';
import type { TestEtcd } from '../harness/etcd.js';
import { openGate } from '../harness/gate.js';
import { holds } from '../harness/invariant.js';
import { startRelay } from '../harness/relay.js';
import { inEveryEditor } from './editors.js';

const fill = async (etcd: TestEtcd): Promise<void> => {
  await etcd.put('/s/other', 'other');
};

inEveryEditor('around a write', fill, ({ open, etcd }) => {
  const stored = async (key: string) => (await etcd().get(key))?.value.toString();
  let serial = 0;
  /** A key of its own, opened. */
  async function onKey(value: string, rc: string[] = [], endpoint = etcd().endpoint) {
    const key = `/s/k${++serial}`;
    await etcd().put(key, value);
    const editor = await open({ rc, endpoints: [endpoint], size: { columns: 200, rows: 24 } });
    await editor.ex(`edit etcd:${key}`);
    return { editor, key };
  }

  it('text that was read is sent again behind a write that may have arrived', async () => {
    const relay = await startRelay(etcd().endpoint);
    const { editor, key } = await onKey('first', ["let g:etcd = {'timeout': {'write': 700}}"], relay.endpoint);
    relay.onRequest = (_, wire) => wire.silence();
    await editor.eval("setline(1, 'second')");
    await expect(editor.ex('write')).rejects.toThrow(/do not know whether it was written/);
    relay.onRequest = undefined;
    expect(await stored(key)).toBe('second');
    await editor.eval("setline(1, 'first')");
    await expect(editor.ex('write')).rejects.toThrow(/changed at revision \d+ since/);
    expect(await editor.eval('&modified')).toBe(1);
    await editor.ex('write!');
    expect([await stored(key), await editor.eval('&modified')]).toEqual(['first', 0]);
    expect(await holds(editor, etcd())).toEqual([]);
    relay.close();
  });

  it('after a conflict, too', async () => {
    const { editor, key } = await onKey('first');
    await editor.eval("setline(1, 'mine')");
    await etcd().put(key, 'theirs');
    await expect(editor.ex('write')).rejects.toThrow(/changed at revision/);
    await editor.eval("setline(1, 'first')");
    await expect(editor.ex('write')).rejects.toThrow(/changed at revision/);
    expect(await editor.eval('&modified')).toBe(1);
  });

  it('text that is changed while it is written stays modified', async () => {
    const gate = await openGate(etcd().endpoint);
    const { editor, key } = await onKey('first', [], gate.endpoint);
    await editor.eval("setline(1, 'second')");
    gate.close(key, 0);
    const changed = join(editor.home, 'changed');
    await editor.ex(`call timer_start(200, {-> setline(1, 'third') + writefile([], '${changed}')})`);
    const written = editor.ex('write');
    await gate.waiting();
    await vi.waitUntil(() => existsSync(changed), { timeout: 10_000, interval: 5 });
    gate.open();
    await written;
    expect(await stored(key)).toBe('second');
    expect(await editor.eval('[getline(1), &modified]')).toEqual(['third', 1]);
    await editor.ex('write');
    expect([await stored(key), await editor.eval('&modified')]).toEqual(['third', 0]);
    expect(await holds(editor, etcd())).toEqual([]);
    gate.stop();
  });

  it("an error of someone's callback during the wait, caught or not, does not end it", async () => {
    const gate = await openGate(etcd().endpoint);
    const { editor, key } = await onKey('first', [], gate.endpoint);
    await editor.eval("setline(1, 'second')");
    gate.close(key, 0);
    const written = editor.ex('write');
    await gate.waiting();
    await editor.eval("execute('try | call NoSuchFunction() | catch | endtry')");
    await expect(editor.eval('NoSuchFunction()')).rejects.toThrow(/E117/);
    expect(await editor.eval('etcd#host#pending#waiting()')).toBe(1);
    gate.open();
    await written;
    expect([await stored(key), await editor.eval('&modified')]).toEqual(['second', 0]);
    gate.stop();
  });

  it('another cluster is not written to by the first :w!, but by the second, and is then the one', async () => {
    const cluster = await startCluster();
    try {
      await cluster.inspect().put('/s/x', 'old');
      const editor = await open({ endpoints: cluster.endpoints });
      await editor.ex('edit etcd:/s/x');
      await cluster.swap();
      await cluster.inspect().put('/s/x', 'theirs');
      await editor.eval("setline(1, 'mine')");
      await expect(editor.ex('write!')).rejects.toThrow(/cluster \d+ answers there now/);
      expect((await cluster.inspect().get('/s/x'))?.value.toString()).toBe('theirs');
      expect(await editor.eval('[&modified, &readonly]')).toEqual([1, 1]);
      await editor.ex('write!');
      expect(await editor.eval("[&modified, &readonly, etcd#statusline() =~# 'cluster']")).toEqual([0, 0, 0]);
      await editor.eval("setline(1, 'again')");
      await editor.ex('write');
      expect((await cluster.inspect().get('/s/x'))?.value.toString()).toBe('again');
    } finally {
      await cluster.close();
    }
  });

  it('after a backup was restored, neither what came to the same revision nor a new key is written unseen', async () => {
    const cluster = await startCluster();
    try {
      await cluster.inspect().put('/b/x', 'in the backup');
      const restore = await cluster.backup();
      const before = await cluster.inspect().put('/b/x', 'of before');
      const editor = await open({ endpoints: cluster.endpoints });
      await editor.ex('edit etcd:/b/new');
      await editor.ex('edit etcd:/b/x');
      await restore();
      expect(await cluster.inspect().put('/b/x', 'theirs')).toBe(before);
      await editor.eval("setline(1, 'mine')");
      await expect(editor.ex('write!')).rejects.toThrow(/another history .* restored from a backup/);
      expect(await editor.eval('[&modified, &readonly, get(b:etcd, "foreign", 0)]')).toEqual([1, 1, true]);
      // Another process knows only what the buffer knows.
      await editor.ex('Etcd restart');
      await editor.ex('buffer! etcd:///b/new');
      await cluster.inspect().put('/b/other', 'x');
      await restore();
      await editor.eval("setline(1, 'mine')");
      await expect(editor.ex('write')).rejects.toThrow(/went back from \d+ to \d+/);
      const held = async (key: string) => (await cluster.inspect().get(key))?.value.toString();
      expect([await held('/b/x'), await held('/b/new')]).toEqual(['in the backup', undefined]);
      await editor.ex('write!');
      expect(await held('/b/new')).toBe('mine');
      expect(await editor.eval('[&modified, &readonly]')).toEqual([0, 0]);
    } finally {
      await cluster.close();
    }
  });

  it('an exception of a BufWritePre ends the write, an error does not', async () => {
    const { editor, key } = await onKey('first', ["autocmd BufWritePre etcd:*/* if getline(1) =~# 'bad' | throw 'refused' | endif"]);
    await editor.eval("setline(1, 'bad')");
    await expect(editor.ex('write')).rejects.toThrow(/refused/);
    expect([await stored(key), await editor.eval('&modified')]).toEqual(['first', 1]);
    await editor.ex('autocmd! BufWritePre etcd:*/* nosuchcommand');
    await editor.ex('write');
    expect([await stored(key), await editor.eval('&modified')]).toEqual(['bad', 0]);
  });

  it('an autocommand that leaves the buffer ends the write, and the read', async () => {
    const { editor, key } = await onKey('first', ['set hidden', 'autocmd BufWritePre etcd:*/k* enew']);
    await editor.eval("setline(1, 'second')");
    await expect(editor.ex('write')).rejects.toThrow(/E203/);
    expect(await stored(key)).toBe('first');
    expect(await editor.eval(`getbufvar('etcd://${key}', '&modified')`)).toBe(1);
    await editor.ex('autocmd! BufReadPre etcd:*/other new');
    await expect(editor.ex('edit etcd:/s/other')).rejects.toThrow(/E201/);
    await expect(editor.ex('wincmd p | write!')).rejects.toThrow(/could not be read/);
    expect(await stored('/s/other')).toBe('other');
  });

  it('an autocommand may change the lines before those that are written', async () => {
    const { editor, key } = await onKey('a \nb \nc \n', ['autocmd FileWritePre etcd:*/* silent %s/ $//e | 1delete _ | put =getline(1)']);
    await editor.ex(`2,3write etcd:${key}-part`);
    expect((await stored(`${key}-part`))?.split('\n')).toHaveLength(3);
  });

  it("a buffer's own key is its own by any name", async () => {
    const { editor, key } = await onKey('first');
    await editor.ex('setlocal readonly');
    await editor.eval("setline(1, 'second')");
    await expect(editor.ex(`write etcd:${key}`)).rejects.toThrow(/E45/);
    expect(await stored(key)).toBe('first');
    await editor.ex("let $ETCDCTL_ENDPOINTS = '127.0.0.1:1'");
    await editor.ex('edit!');
    await editor.ex(`let $ETCDCTL_ENDPOINTS = '${etcd().endpoint}'`);
    await expect(editor.ex(`write! etcd:${key}`)).rejects.toThrow(/could not be read/);
    expect(await stored(key)).toBe('first');
  });

  it('a key that another buffer holds is not written under its name', async () => {
    const { editor, key } = await onKey('first', ['set hidden']);
    await editor.ex(`edit etcd:${key}-new`);
    await editor.eval("setline(1, 'unsaved')");
    await editor.ex(`edit etcd:${key}`);
    await expect(editor.ex(`saveas etcd:${key}-new`)).rejects.toThrow(/E139|E95/);
    expect(await stored(`${key}-new`)).toBeUndefined();
    await editor.ex(`buffer etcd://${key}-new`);
    expect(await editor.eval('[getline(1), &modified]')).toEqual(['unsaved', 1]);
  });

  it('a buffer that is filled where it cannot be renamed is when it is shown', async () => {
    const { editor, key } = await onKey('first', ['set hidden']);
    await editor.ex('%bwipeout');
    await editor.ex(`let g:n = bufadd('etcd:${key}') | call bufload(g:n)`);
    await editor.ex("execute 'buffer' g:n");
    expect(await editor.eval("[bufname('%'), getline(1)]")).toEqual([`etcd://${key}`, 'first']);
  });

  it(':source runs as that of a file: on behind an error, and with its autocommands', async () => {
    const { editor } = await onKey('nosuchcommand\nlet g:behind = 1\nnew\nsetfiletype seen\n', ['autocmd FileType seen let g:seen = 1']);
    await editor.type(":silent! execute 'source' bufname('%')<CR>");
    await editor.settled("get(g:, 'behind') && get(g:, 'seen')");
  });

  it('goes on when its private directory was removed', async () => {
    const { editor, key } = await onKey('first');
    await editor.ex("call delete(etcd#host#body#dir(), 'rf')");
    await editor.eval("setline(1, 'second')");
    await editor.ex('write');
    expect(await stored(key)).toBe('second');
    await editor.ex("call delete(etcd#host#body#dir(), 'rf')");
    await editor.ex('edit!');
    expect(await editor.eval('getline(1)')).toBe('second');
  });

  it("'cpoptions' with + does not take a failed write for done", async () => {
    const { editor, key } = await onKey('first', ['set cpoptions+=+']);
    await editor.eval("setline(1, 'mine')");
    await etcd().put(key, 'theirs');
    await expect(editor.ex('write')).rejects.toThrow(/changed at revision/);
    expect(await editor.eval('&modified')).toBe(1);
  });
});
