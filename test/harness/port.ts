/** Ports that nobody listens on. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what the kernel gives to outgoing connections, so that none takes it while a server that had it is down. */
const FIRST = 12_000;
/** For each of the processes that vitest runs at a time, so that none takes what another has looked at and does not listen on yet. */
const COUNT = 2_000;
const own = FIRST + (Number(process.env['VITEST_POOL_ID'] ?? 0) % 10) * COUNT;
const given = new Set<number>();

/** Never the same one again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = own + Math.floor(Math.random() * COUNT);
    if (given.has(port)) continue;
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    given.add(port);
    server.close();
    await once(server, 'close');
    return port;
  }
}
