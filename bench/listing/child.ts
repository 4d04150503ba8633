/** A process for one subject, so that its memory is its own. It lists once for each line that it is sent, and says what that took. */
import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { subjects, type Place, type SubjectName } from './subjects.js';

/** One listing. */
export interface Taken {
  /** ms */
  wall: number;
  children: number;
  requests: number;
  /** In both directions; 0 if another process did it. */
  bytes: number;
  /** The most memory of this process so far. */
  rss: number;
  error?: string;
}

const sockets = new Set<Socket>();
let requests = 0;
subscribe('undici:request:create', () => requests++);
// Whoever opens it: undici, or the gRPC of the package etcd3.
const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket;
Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  sockets.add(this);
  return connect.apply(this, args);
} as typeof Socket.prototype.connect;
const bytes = (): number => [...sockets].reduce((sum, socket) => sum + socket.bytesRead + socket.bytesWritten, 0);

async function main(name: SubjectName, place: Place): Promise<void> {
  const list = await subjects[name](place);
  process.on('message', (message) => {
    if (message === 'end') process.exit(0);
    void take();
  });
  process.send?.('ready');

  async function take(): Promise<void> {
    const before = { requests, bytes: bytes() };
    const began = performance.now();
    const taken: Taken = { wall: 0, children: 0, requests: 0, bytes: 0, rss: 0 };
    try {
      taken.children = await list();
    } catch (error) {
      taken.error = String(error).slice(0, 300);
    }
    taken.wall = performance.now() - began;
    taken.requests = Math.max(1, requests - before.requests);
    taken.bytes = bytes() - before.bytes;
    taken.rss = process.resourceUsage().maxRSS * 1024;
    process.send?.(taken);
  }
}

const [name, place] = JSON.parse(process.argv[2] ?? '[]') as [SubjectName, Place];
await main(name, place);
