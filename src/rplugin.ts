/** The host inside of Neovim's own remote-plugin host, for those who want it: one function takes frames for the same dispatcher. */
import type { NvimPlugin } from 'neovim';
import { createDispatcher } from './host/dispatcher.js';
import { encodeFrame } from './host/wire.js';

/** Declared by `:UpdateRemotePlugins` (`:h remote-plugin-manifest`). It is used if `g:etcd.host` is 'remote'. */
export default function register(plugin: NvimPlugin): void {
  const dispatcher = createDispatcher((frame) => {
    void plugin.nvim.call('etcd#host#job#receive', [encodeFrame(frame)]);
  });
  plugin.registerFunction('EtcdHostSend', (args: unknown[]) => dispatcher.receive(JSON.parse(String(args[0]))), { sync: false });
}
