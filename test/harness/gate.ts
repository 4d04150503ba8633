/**
 * A way to a real etcd with a gate in it: what a listing has asked for first passes, the rest waits until it is opened.
 * A watch always passes: it comes at any time.
 */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Gate {
  endpoint: string;
  /** Closes it again: the next `passing` requests for what lies under `prefix` pass. */
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
 * @param questions whether what asks for the name of one key alone passes as well: the question before a watch, how far etcd is, and
 * the look before a write
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
