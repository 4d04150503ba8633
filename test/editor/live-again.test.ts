/** A change that nobody could look at when it was told is shown later, and nobody is told of what is shown anyway. */
import { expect, it } from 'vitest';
import { startRelay } from '../harness/relay.js';
import { inOneOfEach } from './editors.js';

inOneOfEach(
  'live again',
  () => Promise.resolve(),
  ({ open, etcd }) => {
    it('if etcd could not say what the value is', async () => {
      await etcd().put('/again/a', 'one');
      const relay = await startRelay(etcd().endpoint);
      const rc = ['set autoread', "let g:etcd = {'timeout': {'read': 300, 'list': 300}}"];
      const editor = await open({ endpoints: [relay.endpoint], rc });
      await editor.ex('edit etcd:/again/a');
      const log = "join(etcd#host#rpc#request('log', {}, 'list').lines, ' ')";
      // By now it is watched.
      await etcd().put('/again/a', 'one and a half');
      await editor.settled("getline(1) ==# 'one and a half'");
      const question = Buffer.from('/again/a').toString('base64');
      let asked = 0;
      relay.onRequest = (piece, wire) => piece.includes(question) && ++asked && wire.cut();
      await etcd().put('/again/a', 'two');
      await editor.until(`${log} =~# 'theirs failed'`);
      relay.onRequest = undefined;
      expect(asked).toBeGreaterThan(0);
      expect(await editor.lines()).toEqual(['one and a half']);
      await editor.settled("getline(1) ==# 'two'");
      relay.close();
    });

    it('and nothing is said of a buffer that is read again when it is entered', async () => {
      await etcd().put('/again/b', 'one');
      const editor = await open({ rc: ['set hidden noautoread'] });
      await editor.ex("let g:told = 0 | autocmd User EtcdChanged let g:told += g:etcd_event.address =~# 'again/b'");
      await editor.ex('edit etcd:/again/b | edit etcd:/again/ | Etcd! cp /again/b /again/c');
      await etcd().put('/again/b', 'two');
      await editor.until('g:told == 1');
      expect(await editor.eval("execute('messages')")).toMatch(/again\/b was changed/);
      await editor.ex('messages clear | Etcd! cp /again/c /again/b');
      await editor.until('g:told == 2');
      expect(await editor.eval("execute('messages')")).not.toMatch(/was changed/);
      await editor.ex('edit etcd:/again/b');
      expect(await editor.lines()).toEqual(['one']);
    });
  },
);
