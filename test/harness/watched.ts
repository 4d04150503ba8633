/** bin/etcdenv -watch as a process. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { ETCDENV } from './etcdenv.js';

export interface Watched {
  child: ChildProcessWithoutNullStreams;
  /** Waits until it has printed that since the last call. Other output may come before it. */
  says(text: string | RegExp): Promise<string>;
  /** Waits until that stands on stderr. */
  warns(text: string): Promise<void>;
  /** Waits until it has ended. */
  ended(): Promise<{ code: number | null; signal: string | null; stderr: string }>;
}

/** @param endpoint of etcd. @param script what sh runs, with $V of /w/v */
export function startWatched(endpoint: string, flags: string[], script: string): Watched {
  const args = ['-host', endpoint, '-key=/w/', '-watch', '-wait=50ms:1s', ...flags, 'sh', '-c', script];
  const child = spawn(ETCDENV, args, { env: { PATH: process.env['PATH'] } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)));
  const exit = once(child, 'close') as Promise<[number | null, string | null]>;
  const it: Watched = {
    child,
    async says(text) {
      for (;;) {
        const at = typeof text === 'string' ? out.indexOf(text) : out.search(text);
        if (at >= 0) {
          const end = out.indexOf('\n', at);
          const said = out.slice(0, end < 0 ? undefined : end);
          out = out.slice(said.length);
          return said;
        }
        await Promise.race([once(child.stdout, 'data'), exit.then(() => Promise.reject(new Error(`ended: ${out}${err}`)))]);
      }
    },
    async warns(text) {
      while (!err.includes(text)) await once(child.stderr, 'data');
    },
    async ended() {
      const [code, signal] = await exit;
      return { code, signal, stderr: err };
    },
  };
  return it;
}
