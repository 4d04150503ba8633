/** Node's own HTTP client. It is there at once, so a command starts fast. */
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { ConnectOptions } from '../tls.js';
import { heeding, KEEP_ALIVE, type Reply, type Transport, type WireSettings } from './transport.js';

/** ms after which a connection that nobody uses is closed. */
const KEPT = 60_000;

/** The transport of commands. It fails with undici's names, so that errors.ts and silence.ts need only one name for each failure. */
export const overNodeHttp: Transport = (origin, { connections, ...settings }) => {
  const { hostname, port, host, protocol } = new URL(origin);
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
  const agent = new Agent({ keepAlive: true, timeout: KEPT, maxSockets: connections ?? Infinity });
  agent.createConnection = (_, done) => {
    connect(target, settings).then(
      (socket) => done?.(null, socket),
      (thrown: unknown) => done?.(thrown as Error, undefined as never),
    );
    return undefined;
  };
  const send = async (method: string, path: string, headers: Record<string, string>, signal: AbortSignal, body?: string) => {
    let hasConnection = false;
    const sent = new Promise<Reply>((resolve, reject) => {
      const options = { ...target, path, method, agent, signal, headers: { ...headers, host } };
      const asked = request(options, (answer) => resolve({ statusCode: answer.statusCode ?? 0, chunks: chunksOf(answer, signal) }));
      asked.once('socket', () => (hasConnection = true));
      asked.on('error', (thrown) => reject(named(thrown, signal) as Error));
      asked.end(body);
    });
    return heeding(signal, sent, () => hasConnection);
  };
  return {
    post: async (path, body, headers, signal) =>
      send('POST', path, { ...headers, 'content-length': String(Buffer.byteLength(body)) }, signal, body),
    get: async (path, headers, signal) => send('GET', path, headers, signal),
    close() {
      agent.destroy();
      return Promise.resolve();
    },
  };
};

/** A connection, after TLS is agreed on if it is wanted. */
async function connect(target: { host: string; port: number }, settings: Omit<WireSettings, 'connections'>): Promise<Socket> {
  const { connecting, identity, onConnect, onDisconnect } = settings;
  const options = await identity?.();
  const socket = options ? secured(target, options) : connectTcp(target);
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      socket.destroy(Object.assign(new Error('connect timeout'), { code: 'UND_ERR_CONNECT_TIMEOUT' }));
    }, connecting);
    const failed = (error: Error): void => {
      clearTimeout(late);
      reject(error);
    };
    socket.once('error', failed);
    socket.once(options ? 'secureConnect' : 'connect', () => {
      clearTimeout(late);
      socket.removeListener('error', failed);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, KEEP_ALIVE);
      onConnect?.();
      socket.once('close', () => onDisconnect?.());
      resolve(socket);
    });
  });
}

/** node:tls is loaded only if TLS is used. */
function secured(target: { host: string; port: number }, options: ConnectOptions): Socket {
  const servername = isIP(target.host) === 0 ? { servername: target.host } : {};
  // Explicit, because the environment could turn it off (NODE_TLS_REJECT_UNAUTHORIZED).
  const given = { ...target, ...servername, ALPNProtocols: ['http/1.1'], rejectUnauthorized: true, ...options };
  return process.getBuiltinModule('node:tls').connect(given);
}

async function* chunksOf(answer: IncomingMessage, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of answer) yield chunk as Buffer;
  } catch (thrown) {
    throw named(thrown, signal);
  }
}

/** The error in undici's words. Node has several names for one failure. */
function named(thrown: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const isClosed = thrown instanceof Error && /^(?:socket hang up|aborted)$/.test(thrown.message);
  return isClosed ? new Error('other side closed', { cause: thrown }) : thrown;
}
