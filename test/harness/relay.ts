/** A relay between client and server that can act when a request passes: a network whose faults have a time and a place. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Relay {
  /** `127.0.0.1:port` */
  endpoint: string;
  /**
   * Called with each piece that the client sends, before it is passed on; undefined to pass everything. If it gives a promise, this piece
   * and those after it wait.
   */
  onRequest: ((piece: Buffer, wire: Wire) => unknown) | undefined;
  /** The same with each piece that the server sends. */
  onAnswer: ((piece: Buffer, wire: Omit<Wire, 'answered'>) => unknown) | undefined;
  /** Leads to another server from now on. Open connections break. */
  lead(target: string): void;
  close(): void;
}

export interface Wire {
  /** From now on it keeps back the server's answers. */
  silence(): void;
  /** Cuts the client off. What was sent stays sent, because the server's side stays open. */
  cut(): void;
  /** The same, after the client has received `last`. */
  end(last: Buffer): void;
  /** The next answer of the server, even if it reaches nobody. */
  answered: Promise<unknown>;
}

/** @param target `host:port` */
export async function startRelay(target: string): Promise<Relay> {
  const sockets = new Set<Socket>();
  let there = target;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const [host = '', port = ''] = there.split(':');
    const upstream = connect(Number(port), host);
    // A large request comes in many pieces, and each of them listens for the answer.
    upstream.setMaxListeners(0);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    let silent = false;
    const wire = {
      silence: () => void (silent = true),
      cut: () => void client.destroy(),
      end: (last: Buffer) => void client.end(last, () => client.destroy()),
    };
    const toServer = inOrder((piece) => upstream.write(piece));
    const toClient = inOrder((piece) => client.writable && client.write(piece));
    upstream.on('data', (piece) => !silent && client.writable && toClient(piece, relay.onAnswer?.(piece, wire)));
    upstream.on('close', () => client.destroy());
    client.on('data', (piece) => {
      const answered = once(upstream, 'data').catch(() => undefined);
      toServer(piece, relay.onRequest?.(piece, { ...wire, answered }));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const relay: Relay = {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    onRequest: undefined,
    onAnswer: undefined,
    lead(next) {
      there = next;
      for (const socket of sockets) socket.destroy();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  return relay;
}

/** @returns a function that passes pieces on in their order. One with a promise waits for it, and so do all that come after it */
function inOrder(pass: (piece: Buffer) => unknown): (piece: Buffer, wait: unknown) => void {
  let held: Promise<unknown> | undefined;
  return (piece, wait) => {
    if (!(wait instanceof Promise) && held === undefined) pass(piece);
    else held = Promise.all([held, wait]).then(() => pass(piece));
  };
}
