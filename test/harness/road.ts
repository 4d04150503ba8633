/** The road from an editor to a real etcd. Requests can be held, delayed and lost on it. Requests that could change a key are noted. */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * 'before': etcd never sees the request. 'after': etcd sees it, and nobody hears its answer. 'late': like 'after', but only when {@link
 * Road.late} says so.
 */
export type Fate = 'pass' | 'before' | 'after' | 'late';

/** A request that could change a key, as it was sent. */
export interface Change {
  key: string;
  value: string;
  /** The mod_revision that it compares with; undefined if it does not compare one. */
  compares: string | undefined;
}

export interface Road {
  endpoint: string;
  /** All requests that could change a key, even those that etcd refused or never saw. */
  readonly changes: readonly Change[];
  /** From now on each request waits, except watches. */
  hold(): void;
  /** How many wait. */
  held(): number;
  /** Lets all waiting requests go, each to its fate, and later ones pass. */
  release(fate: () => Fate): void;
  /** Sends on the requests that were to be late. */
  late(): void;
  /** Settles when etcd has answered everything that it was sent. */
  quiet(): Promise<void>;
  close(): void;
}

interface Held {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  body: Buffer;
}

/** @param target `127.0.0.1:port` of an etcd */
export async function openRoad(target: string): Promise<Road> {
  const changes: Change[] = [];
  const onward = new Set<Promise<unknown>>();
  let holds = false;
  let held: Held[] = [];
  let later: Held[] = [];

  /** @param heard whether the client gets the answer */
  function pass(one: Held, heard: boolean): void {
    const ended = onwards(one, heard);
    onward.add(ended);
    void ended.then(() => onward.delete(ended));
    if (!heard) void ended.then(() => one.outgoing.destroy());
  }
  /** @returns a promise that settles when etcd has answered */
  function onwards({ incoming, outgoing, body }: Held, heard: boolean): Promise<void> {
    return new Promise<void>((resolve) => {
      const asked = request(`http://${target}${incoming.url ?? ''}`, { method: incoming.method, headers: incoming.headers }, (answer) => {
        if (heard) {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        } else {
          answer.resume();
        }
        answer.on('close', resolve);
      });
      asked.on('error', () => {
        outgoing.destroy();
        resolve();
      });
      // A stream to which nobody listens any more does not end.
      if (heard) outgoing.on('close', () => outgoing.writableFinished || asked.destroy());
      asked.end(body);
    });
  }
  function send(one: Held, fate: Fate): void {
    if (fate === 'pass') pass(one, true);
    else if (fate === 'after') pass(one, false);
    else one.outgoing.destroy();
    if (fate === 'late') later.push(one);
  }

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => undefined);
    incoming.on('end', () => {
      const one = { incoming, outgoing, body: Buffer.concat(chunks) };
      changes.push(...changesOf(incoming.url ?? '', one.body));
      // Nobody could wait for the end of a watch.
      if (incoming.url === '/v3/watch') void onwards(one, true);
      else if (holds) held.push(one);
      else send(one, 'pass');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    changes,
    hold: () => (holds = true),
    held: () => held.length,
    release(fate) {
      holds = false;
      const all = held;
      held = [];
      for (const one of all) send(one, fate());
    },
    late() {
      const all = later;
      later = [];
      for (const one of all) pass(one, false);
    },
    async quiet() {
      while (onward.size > 0) await Promise.all(onward);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Operation {
  request_put?: { key: string; value?: string };
  request_txn?: Txn;
}
interface Txn {
  compare?: { key: string; target?: string; result?: string; mod_revision?: string }[];
  success?: Operation[];
  failure?: Operation[];
}

/** Puts of the request, each with what it compares. A put is only safe after a compare of the same key's mod_revision. */
function changesOf(url: string, body: Buffer): Change[] {
  const text = (base64 = ''): string => Buffer.from(base64, 'base64').toString();
  if (url.endsWith('/kv/put')) {
    const put = JSON.parse(body.toString()) as { key: string; value?: string };
    return [{ key: text(put.key), value: text(put.value), compares: undefined }];
  }
  if (!url.endsWith('/kv/txn')) return [];
  const { compare = [], success = [], failure = [] } = JSON.parse(body.toString()) as Txn;
  const puts = (operations: Operation[]) => operations.flatMap(({ request_put: put }) => (put ? [put] : []));
  const fence = (key: string) => compare.find((it) => it.key === key && it.target === 'MOD' && (it.result ?? 'EQUAL') === 'EQUAL');
  const change = (it: { key: string; value?: string }, compares: string | undefined) => ({
    key: text(it.key),
    value: text(it.value),
    compares,
  });
  return [...puts(success).map((it) => change(it, fence(it.key)?.mod_revision)), ...puts(failure).map((it) => change(it, undefined))];
}
