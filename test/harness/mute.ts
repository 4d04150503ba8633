/** A server that takes connections and never answers. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface MuteServer {
  endpoint: string;
  /** The next connection that sends something, until then. */
  asked(): Promise<Socket>;
  close(): void;
}

export async function muteServer(): Promise<MuteServer> {
  const sockets: Socket[] = [];
  let tell: (socket: Socket) => void = () => undefined;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => tell(socket));
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
