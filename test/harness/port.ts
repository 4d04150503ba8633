/** A port that nobody listens on. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what the kernel gives to outgoing connections, so that none takes it while a server that had it is down. */
const [FIRST, COUNT] = [12_000, 20_000];

export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
