/** The dispatcher as the editor uses it, but without an editor: requests go in, and replies with their messages come out. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDispatcher } from '../../src/host/dispatcher.js';
import type { ErrorReply, Method, Reply } from '../../src/host/protocol.js';
import { written } from '../harness/settings.js';

export interface Host {
  /**
   * @param text what the file of a put holds
   * @param ms the budget of the request; 8000 by default
   */
  ask(method: Method, params: object, text?: string, ms?: number): Promise<{ ok?: Record<string, unknown>; err?: ErrorReply }>;
  close(): void;
}

/** @param profile the default one, as the editor's settings give it */
export async function openHost(profile: object): Promise<Host> {
  const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-host-'));
  const waiting = new Map<number, (reply: Reply) => void>();
  const dispatcher = createDispatcher(([id, reply]) => waiting.get(id)?.(reply as Reply));
  let serial = 0;
  const host: Host = {
    ask(method, params, text, ms = 8000) {
      const id = ++serial;
      const file = join(dir, `w${id}`);
      if (text !== undefined) writeFileSync(file, text);
      const reply = new Promise<Reply>((resolve) => waiting.set(id, resolve));
      dispatcher.receive([id, method, text === undefined ? params : { ...params, file }, ms]);
      return reply as ReturnType<Host['ask']>;
    },
    close: () => dispatcher.close(),
  };
  await host.ask('hello', { protocol: 1, dir });
  const configured = await host.ask('configure', written({ '': profile }));
  if (configured.err) throw new Error(configured.err.message);
  return host;
}
