/** Wrong settings: what still works, and what is said of the rest. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDispatcher, type Dispatcher } from '../../../src/host/dispatcher.js';

interface Reply {
  ok?: unknown;
  err?: { code: string; message: string };
}

let dispatcher: Dispatcher;
const waiting = new Map<number, (reply: Reply) => void>();
let serial = 0;
beforeEach(() => {
  dispatcher = createDispatcher(([id, reply]) => waiting.get(id)?.(reply as Reply));
});
afterEach(() => dispatcher.close());

function ask(method: string, params: object): Promise<Reply> {
  const id = ++serial;
  const reply = new Promise<Reply>((resolve) => waiting.set(id, resolve));
  dispatcher.receive([id, method, params, 2000]);
  return reply;
}

describe('settings that are wrong', () => {
  it('let nothing be asked of etcd, not even with those before; each question is told which one is wrong; what ends something is done', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `127.0.0.1:${(server.address() as { port: number }).port}`;
    let connections = 0;
    server.on('connection', () => connections++);
    const right = { endpoints: [endpoint], profiles: { prod: { endpoints: [endpoint] } } };
    expect(await ask('configure', { settings: right })).toMatchObject({ ok: {} });
    const message = 'etcd: g:etcd.readnoly is no setting; did you mean readonly?; see :help etcd-settings';
    const refused = { err: { code: 'invalid_value', message, retryable: false } };
    expect(await ask('configure', { settings: { ...right, readnoly: true } })).toEqual(refused);
    for (const [method, params] of [
      ['put', { name: 'etcd:/x', file: '/none' }],
      ['open', { name: 'etcd://prod/x' }],
      ['complete', { text: 'etcd:/x', max: 1 }],
      ['canonical', { name: 'etcd:/x' }],
      ['apply', { plan: 1 }],
    ] as const) {
      expect(await ask(method, params), method).toEqual(refused);
    }
    expect(await ask('stop', { stream: 1 })).toMatchObject({ ok: {} });
    expect(await ask('log', {})).toMatchObject({ ok: { lines: expect.any(Array) as string[] } });
    expect(connections).toBe(0);
    expect(await ask('configure', { settings: { endpoints: [endpoint] } })).toEqual({
      ok: { profiles: [{ name: '', endpoints: [endpoint] }] },
    });
    expect(await ask('canonical', { name: 'etcd:/x' })).toMatchObject({ ok: { address: 'etcd:///x' } });
    server.close();
  });

  it('are named as they were written: a variable of etcdctl in its own words', async () => {
    const { err } = await ask('configure', { settings: {}, environment: { ETCDCTL_ENDPOINTS: 'http://me:hunter2@h' } });
    expect(err?.message).toBe('etcd: $ETCDCTL_ENDPOINTS: cannot hold a user; set $ETCDCTL_USER and $ETCDCTL_PASSWORD');
  });
});
