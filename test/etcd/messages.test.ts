/** Answers that go on, like those of watches, while other requests are made. */
import { expect, it } from 'vitest';
import { openConnection, type Connection } from '../../src/client/connection.js';
import { transport } from '../harness/client.js';
import { range } from '../../src/client/reads.js';
import { startRelay } from '../harness/relay.js';
import { onEveryServer, options } from './servers.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const watch = (key: string) => ({ create_request: { key: base64(key), range_end: base64(`${key.slice(0, -1)}0`) } });

/** Values of the puts in a message. */
function valuesOf(message: Readonly<Record<string, unknown>>): string[] {
  const events = (message['events'] ?? []) as { kv: { value: string } }[];
  return events.map(({ kv }) => Buffer.from(kv.value, 'base64').toString());
}

async function takeValues(messages: AsyncIterable<Readonly<Record<string, unknown>>>, count: number): Promise<string[]> {
  const found: string[] = [];
  for await (const message of messages) {
    found.push(...valuesOf(message));
    if (found.length >= count) break;
  }
  return found;
}

onEveryServer('messages', (server) => {
  async function within<T>(endpoint: string, body: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = openConnection({ endpoints: [endpoint] }, transport);
    try {
      return await body(connection);
    } finally {
      await connection.close();
    }
  }

  it('of more watches than there are connections for reads arrive in order, after their budget too, and reads go on', async () => {
    await within(server().endpoint, async (connection) => {
      const began = performance.now();
      const budget = 1000;
      const opened = Array.from({ length: 6 }, () => connection.messages('/v3/watch', watch('/w/'), { budget }));
      const watches = (await Promise.all(opened)).map((messages) => takeValues(messages, 40));
      // Until no clock of the beginning could still run.
      do await Promise.all(Array.from({ length: 8 }, () => range(connection, { key: '/w/0' }, options)));
      while (performance.now() < began + budget + 100);
      const values = Array.from({ length: 40 }, (_, i) => `v${i}`);
      for (const value of values) await server().put('/w/0', value);
      for (const found of await Promise.all(watches)) expect(found).toEqual(values);
    });
  });

  it('end with an error when the connection is cut, and when nobody wants them any more', async () => {
    const relay = await startRelay(server().endpoint);
    await within(relay.endpoint, async (connection) => {
      const stop = new AbortController();
      const cancelled = await connection.messages('/v3/watch', watch('/x/'), { ...options, signal: stop.signal });
      stop.abort();
      await expect(takeValues(cancelled, 1)).rejects.toMatchObject({ code: 'cancelled' });
      const messages = await connection.messages('/v3/watch', watch('/x/'), options);
      await server().put('/x/0', 'seen');
      const iterator = messages[Symbol.asyncIterator]();
      let message = await iterator.next();
      while (valuesOf(message.value as Record<string, unknown>)[0] !== 'seen') message = await iterator.next();
      relay.close();
      await expect(iterator.next()).rejects.toMatchObject({ code: 'unavailable', endpoint: `http://${relay.endpoint}` });
      await expect(connection.messages('/v3/watch', watch('/x/'), options)).rejects.toMatchObject({ code: 'unreachable' });
    });
  });

  it('that are none, or say that it cannot be, are errors', async () => {
    await within(server().endpoint, async (connection) => {
      await expect(connection.messages('/v3/nothing', {}, options)).rejects.toMatchObject({ code: 'unsupported' });
      await expect(connection.messages('/v3/kv/range', { key: base64('/w/0') }, options)).rejects.toMatchObject({ code: 'unsupported' });
    });
  });
});
