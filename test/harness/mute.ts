/** A server that takes connections and never answers. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** The host asks this to connect in time. Nobody waits for it, and nobody cancels it. */
const WARMING = '"key":"AA=="';

export interface MuteServer {
  endpoint: string;
  /** The next connection on which someone asks for a key. */
  asked(): Promise<Socket>;
  close(): void;
}

export async function muteServer(): Promise<MuteServer> {
  const sockets: Socket[] = [];
  let tell: (socket: Socket) => void = () => undefined;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (chunk.includes('"key":"') && !chunk.includes(WARMING)) tell(socket);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => new Promise((resolve) => (tell = resolve)),
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
