/**
 * A way to a real etcd with a gate in it. The first requests of a listing pass, and the rest waits until the gate is opened. A watch always
 * passes, because it may come at any time.
 */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Gate {
  endpoint: string;
  /** Closes it again. The next `passing` requests for keys under `prefix` pass. */
  close(prefix: string, passing?: number): void;
  open(): void;
  /** Breaks the requests that wait. */
  cut(): void;
  /** Settles when a request waits at the gate. */
  waiting(): Promise<void>;
  stop(): void;
}

interface Waiting {
  pass: () => void;
  cut: () => void;
}

/**
 * @param target `127.0.0.1:port` of an etcd; the gate is open
 * @param questions whether a request that only asks for the name of one key passes as well: how far etcd is, before a watch, and the look
 * before a write
 */
export async function openGate(target: string, { questions = false } = {}): Promise<Gate> {
  let held: Waiting[] = [];
  let [begins, left] = ['', Infinity];
  let arrived: () => void = () => undefined;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const pass = (): void => {
        const onward = request(`http://${target}${incoming.url ?? ''}`, { method: 'POST' }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        });
        onward.on('error', () => outgoing.destroy());
        onward.end(body);
      };
      const text = body.toString();
      const passes = incoming.url?.endsWith('/v3/watch') || (questions && isQuestion(incoming.url ?? '', text));
      if (passes || !asksBelow(text, begins) || left-- > 0) {
        pass();
        return;
      }
      held.push({ pass, cut: () => outgoing.destroy() });
      arrived();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close(prefix, passing = 1) {
      [begins, left] = [prefix, passing];
    },
    open() {
      left = Infinity;
      for (const { pass } of held) pass();
      held = [];
    },
    cut() {
      for (const { cut } of held) cut();
      held = [];
    },
    waiting: () => (held.length > 0 ? Promise.resolve() : new Promise((resolve) => (arrived = resolve))),
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function isQuestion(path: string, body: string): boolean {
  return path.endsWith('/v3/kv/range') && body.includes('"keys_only":true') && !body.includes('"range_end"');
}

/** Whether a range of the request, alone or in a txn, begins with `prefix`. */
function asksBelow(body: string, prefix: string): boolean {
  const keys = [...body.matchAll(/"key":"([^"]*)"/g)].map(([, key]) => Buffer.from(key as string, 'base64').toString('latin1'));
  return prefix !== '' && keys.some((key) => key.startsWith(prefix));
}
