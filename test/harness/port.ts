/** Ports that nobody listens on. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what the kernel gives to outgoing connections, so that none takes it while a server that had it is down. */
const [FIRST, COUNT] = [12_000, 20_000];

/**
 * Ours as long as this process lives, also while nobody listens on it: no other test, of this run or of another one beside, is given it
 * while a member is down. What holds it is a UDP socket of the same number, which is in nobody's way; the kernel gives it back in
 * whatever way we end.
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
