/** Ports on which nobody listens. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that the kernel gives to outgoing connections, so that none takes one while its server is down. */
const [FIRST, COUNT] = [12_000, 20_000];

/**
 * The port is ours as long as this process lives, even while nobody listens on it. No other test, of this run or of another one, gets it
 * while a member is down. A UDP socket of the same number holds it, which disturbs nobody. The kernel gives it back, however we end.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if ((await reserve(port)) && (await isFree(port))) return port;
  }
}

async function reserve(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  socket.bind({ port, address: '127.0.0.1', exclusive: true });
  return happens(once(socket, 'listening'));
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  if (!(await happens(once(server, 'listening')))) return false;
  server.close();
  await once(server, 'close');
  return true;
}

async function happens(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
