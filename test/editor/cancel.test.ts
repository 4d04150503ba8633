/** Ctrl-C: at once, in every place from which a request can be made, on a server that never answers. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { muteServer, type MuteServer } from '../harness/mute.js';
import { inEveryEditor } from './editors.js';

const contexts: [string, string[], string][] = [
  ['BufReadCmd', [], ':e etcd:/x<CR>'],
  [':call', [], ":call etcd#host#rpc#request('read', {'name': 'etcd:/x'}, 'list')<CR>"],
  ['customlist', [], ':Etcd /x<Tab>'],
  ['the command line', [], ':e etcd:/x<Tab>'],
  ['a Normal mode <expr> map', ["nnoremap <expr> X join(etcd#cmdline#candidates#of('etcd:/x'))"], 'X'],
  ['an Insert mode <expr> map', ["inoremap <expr> X join(etcd#cmdline#candidates#of('etcd:/x'))"], 'iX'],
  ['a command-line <expr> map', ["cnoremap <expr> X join(etcd#cmdline#candidates#of('etcd:/x'))"], ':X'],
];

/** Node let go of the request. Nothing is asked of the editor before, because Ctrl-C would hit the question. */
const released = (socket: Socket): Promise<unknown> => (socket.destroyed ? Promise.resolve() : once(socket, 'close'));

const patient = "let g:etcd = {'timeout': {'read': 300000, 'list': 300000, 'complete': 300000, 'write': 300000}}";

inEveryEditor(
  'Ctrl-C',
  () => Promise.resolve(),
  ({ open }) => {
    let mute: MuteServer;
    beforeAll(async () => {
      mute = await muteServer();
    });
    afterAll(() => mute.close());

    it.each(contexts)('in %s', async (_, rc, keys) => {
      const editor = await open({ endpoints: [mute.endpoint], rc: [patient, ...rc] });
      const asked = mute.asked();
      await editor.type(keys);
      const socket = await asked;
      await editor.type('<C-c>');
      await released(socket);
      await editor.normal();
      await editor.type(':let g:alive = 1<CR>');
      await editor.settled("exists('g:alive')");
      // A bare :call of a function that throws should be reported as uncaught.
      expect(await editor.eval<string>("execute('messages')")).not.toMatch(/E(?!605: Exception not caught: etcd: interrupted)\d+:/);
    });

    it.each([
      ['the command line', ':e etcd:/x<Tab>', 'e etcd:/xy'],
      ['customlist', ':Etcd /x<Tab>', 'Etcd /xy'],
    ])('of a completion in %s is what the next key does', async (_, keys, line) => {
      const editor = await open({ endpoints: [mute.endpoint], rc: [patient] });
      const asked = mute.asked();
      await editor.type(keys);
      const socket = await asked;
      await editor.type('y');
      await released(socket);
      await editor.until(`getcmdline() ==# '${line}'`);
      expect(await editor.eval("execute('messages')")).not.toMatch(/E\d+:/);
    });

    it('at startup', async () => {
      const asked = mute.asked();
      const starting = open({ endpoints: [mute.endpoint], rc: [patient], args: ['etcd:/x'], early: true });
      const socket = await asked;
      const editor = await starting;
      await editor.type('<C-c>');
      await released(socket);
      await editor.settled("v:vim_did_enter && get(get(b:, 'etcd', {}), 'kind', '') ==# 'failed'");
      expect(await editor.eval('[&modifiable, b:etcd.error]')).toEqual([0, 'etcd: interrupted']);
    });

    it('of a write leaves the text, modified, and says that the outcome is not known', async () => {
      const editor = await open({ endpoints: [mute.endpoint], rc: [patient] });
      await editor.eval("setline(1, 'precious')");
      const asked = mute.asked();
      await editor.type(':w etcd:/x<CR>');
      const socket = await asked;
      await editor.type('<C-c>');
      await released(socket);
      await editor.settled("execute('messages') =~# 'do not know whether etcd:///x was written: interrupted'");
      expect(await editor.eval('[getline(1), &modified]')).toEqual(['precious', 1]);
    });

    it('is not needed: the deadline ends it', async () => {
      const editor = await open({ endpoints: [mute.endpoint], rc: ["let g:etcd = {'timeout': {'read': 200}}"] });
      await editor.ex('edit etcd:/x');
      expect(await editor.eval('b:etcd.error')).toMatch(/^etcd: cannot read etcd:\/x \(http:.*\): no answer/);
    });
  },
);
