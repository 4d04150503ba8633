/** An editor that has much open, and says when it has shown a change. Nobody asks it anything meanwhile, so it is as idle as a user's. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startEditor, type Editor } from '../../test/harness/editor.js';
import type { EditorTool } from '../../test/harness/tools.js';
import { env, onRuntimePath, usual } from '../session.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

export interface Watcher extends Pick<Editor, 'ex' | 'eval' | 'type' | 'pid'> {
  /** What `BenchSay()` has sent, a line each. */
  said: Interface;
  close(): Promise<void>;
}

/** @param rc follows the vimrc lines that all of them have. `BenchSay({text})` sends a line to us */
export async function openWatcher(tool: EditorTool, endpoint: string, rc: string[] = []): Promise<Watcher> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const at = `'127.0.0.1:${(server.address() as AddressInfo).port}'`;
  const [open, send] = tool.kind === 'nvim' ? [`sockconnect('tcp', ${at})`, 'chansend'] : [`ch_open(${at}, {'mode': 'raw'})`, 'ch_sendraw'];
  const channel = [`let g:bench = ${open}`, `function! BenchSay(text)`, `call ${send}(g:bench, a:text . "\\n")`, 'endfunction'];
  const lines = ['set nocompatible hidden nomore', onRuntimePath(ROOT), ...usual, ...channel, ...rc];
  const editor = await startEditor(tool, { bare: true, rc: lines, env: { ...env, ETCDCTL_ENDPOINTS: endpoint } });
  const [socket] = await connected;
  const { ex, eval: ask, type, pid } = editor;
  return {
    ...{ ex, eval: ask, type, pid },
    said: createInterface(socket),
    async close() {
      await editor.close();
      socket.destroy();
      server.close();
    },
  };
}

/** Says the revision of each change as soon as it is drawn. */
export const SAYS_CHANGES = ["autocmd User EtcdChanged redraw | call BenchSay(get(g:etcd_event, 'revision', ''))"];
