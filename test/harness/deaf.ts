/** A server that takes no connection, as if a firewall dropped what is sent to it. Whoever connects has to wait. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

/** It listens, and then its process does nothing any more. The kernel keeps two connections for it, and no third one. */
const SCRIPT = `const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  require('node:fs').writeSync(1, String(server.address().port));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;
const MORE_THAN_KEPT = 8;

export async function deafServer(): Promise<{ endpoint: string; close(): void }> {
  const child = spawn(process.execPath, ['-e', SCRIPT], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const waiting = Array.from({ length: MORE_THAN_KEPT }, () => connect(Number(port), '127.0.0.1').on('error', () => undefined));
  await Promise.race(waiting.map(async (socket) => once(socket, 'connect')));
  return {
    endpoint: `127.0.0.1:${Number(port)}`,
    close() {
      for (const socket of waiting) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}
