import { mkdtempSync, chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDispatcher, type Dispatcher } from '../../../src/host/dispatcher.js';
import { written } from '../../harness/settings.js';

type Frame = [number, { ok?: unknown; err?: { code: string; message: string } }];

let dispatcher: Dispatcher;
let frames: Frame[];
/** Functions that wake those who wait for a frame. */
let waiting: (() => void)[];
let dir: string;

beforeEach(() => {
  frames = [];
  waiting = [];
  dir = mkdtempSync(join(tmpdir(), 'etcd-vim-unit-'));
  dispatcher = createDispatcher((frame) => {
    frames.push(frame as Frame);
    for (const wake of waiting.splice(0)) wake();
  });
});

afterEach(() => {
  dispatcher.close();
  rmSync(dir, { recursive: true, force: true });
});

/** @param deadline 0: the method says how long it may take */
async function ask(id: number, method: string, params: unknown, deadline = 2000): Promise<Frame[1]> {
  dispatcher.receive([id, method, params, deadline]);
  for (;;) {
    const reply = frames.find(([number]) => number === id);
    if (reply) return reply[1];
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
}

/** What a buffer gives back with a put. */
const BASE = { address: 'etcd:///x', mod_revision: '7', digest: '', cluster_id: '' };

/** Takes connections and never answers. */
async function silence(): Promise<{ server: Server; endpoint: string; connected: Promise<unknown> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as { port: number };
  return { server, endpoint: `127.0.0.1:${address.port}`, connected: once(server, 'connection') };
}

const configure = (endpoint: string, timeout: object = {}) =>
  ask(900, 'configure', { ...written({ '': { endpoints: [endpoint] }, prod: { endpoints: [endpoint] } }), timeout });

/** For a key that was put once. */
const FIRST = { create_revision: '5', mod_revision: '5', version: '1' };

/** An etcd with the key /app/a, which takes `ms` to answer a request about more than one key. */
async function slowToList(ms: number): Promise<{ server: Server; endpoint: string }> {
  const server = createHttp((request, answer) => {
    void text(request).then((body) => {
      const { range_end: end } = JSON.parse(body) as { range_end?: string };
      const kvs = end === undefined ? [] : [{ key: Buffer.from('/app/a').toString('base64'), ...FIRST }];
      const reply = JSON.stringify({ header: { cluster_id: '1', revision: '5' }, kvs, count: String(kvs.length) });
      setTimeout(() => answer.end(reply), end === undefined ? 0 : ms);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, endpoint: `127.0.0.1:${(server.address() as { port: number }).port}` };
}

describe('dispatcher', () => {
  it('greets with the version of the protocol, and refuses another one', async () => {
    expect(await ask(1, 'hello', { protocol: 1, dir })).toMatchObject({ ok: { protocol: 1 } });
    expect(await ask(2, 'hello', { protocol: 2, dir })).toMatchObject({ err: { code: 'unsupported' } });
  });

  it('keeps the directory that the editor has, unless others can read it', async () => {
    expect(await ask(1, 'hello', { protocol: 1, dir })).toMatchObject({ ok: { dir } });
    chmodSync(dir, 0o755);
    const { ok } = await ask(2, 'hello', { protocol: 1, dir, owner: '1-0' });
    expect(ok).toMatchObject({ dir: expect.stringMatching(/\/etcd\.vim-1-0-\w+$/) as string });
  });

  it.each([
    ['open', {}, 'name'],
    ['open', null, 'params'],
    ['open', [], 'name'],
    ['hello', { protocol: 1, owner: '../1' }, 'owner'],
    ['open', { name: 1 }, 'name'],
    ['open', { name: 'etcd:/x', stream: null }, 'stream'],
    ['put', { name: 'etcd:/x' }, 'file'],
    ['put', { name: 'etcd:/x', file: 'f', base: { ...BASE, mod_revision: 'x' } }, 'base.mod_revision'],
    ['preview', { name: 'etcd:/x', file: 'f', base: { ...BASE, lease: '1.5' } }, 'base.lease'],
    ['theirs', { name: 'etcd:/x', base: { ...BASE, digest: undefined } }, 'base.digest'],
    ['theirs', { name: 'etcd:/x', base: BASE, base_revision: 7 }, 'base_revision'],
    ['login', { profile: '', what: 'name', secret: 'x' }, 'what'],
    ['complete', { text: 'x', max: 'y' }, 'max'],
    ['configure', { settings: {}, cwd: null }, 'cwd'],
  ])('checks the params of %s: %j', async (method, params, field) => {
    const message = expect.stringContaining(`: ${method}: ${field} is missing or of the wrong type; see :Etcd log`) as string;
    expect(await ask(1, method, params)).toMatchObject({ err: { code: 'internal', message } });
  });

  it('answers an unknown method, and survives frames that are none', async () => {
    for (const junk of [null, 1, 'x', [], [1], ['x', 'open'], {}]) dispatcher.receive(junk);
    expect(await ask(1, 'toString', {})).toMatchObject({ err: { code: 'unsupported' } });
    expect(await ask(2, 'constructor', {})).toMatchObject({ err: { code: 'unsupported' } });
  });

  it('names what failed, the address, the endpoint, why, and what to do', async () => {
    await configure('127.0.0.1:1');
    const { err } = await ask(1, 'open', { name: 'etcd:/app/x' });
    expect(err).toEqual({
      code: 'unreachable',
      message:
        'etcd: cannot read etcd:/app/x (http://127.0.0.1:1): nothing is listening there; check $ETCDCTL_ENDPOINTS or g:etcd.endpoints',
      retryable: true,
    });
  });

  it('says whose password it wants where what was typed is no address', async () => {
    const answer = JSON.stringify({ code: 3, message: 'etcdserver: user name is empty' });
    const server = createHttp((_, response) => response.writeHead(400).end(answer)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoints = [`127.0.0.1:${(server.address() as { port: number }).port}`];
    await ask(900, 'configure', written({ '': { endpoints, user: 'alice' } }));
    const reply = await ask(1, 'complete', { text: 'etcd:/x?r', max: 10, shadow: true });
    expect(reply).toMatchObject({ err: { code: 'unauthenticated', wants: 'password', profile: '' } });
    server.close();
  });

  it('does not end with an answer that cannot be sent', async () => {
    const sent: unknown[] = [];
    const mute = createDispatcher((frame) => {
      sent.push(frame);
      throw new Error('the pipe is closed');
    });
    mute.receive([1, 'canonical', { name: 'etcd:/x' }]);
    // The answer, and the error that replaces it. A rejection that nobody hears fails the run.
    await vi.waitUntil(() => sent.length === 2);
    await new Promise((resolve) => setImmediate(resolve));
    mute.close();
  });

  it('keeps the deadline', async () => {
    const { server, endpoint } = await silence();
    await configure(endpoint);
    const within50 = { err: { code: 'timeout', message: expect.stringContaining('no answer') as string } };
    expect(await ask(1, 'open', { name: 'etcd:/x' }, 50)).toMatchObject(within50);
    server.close();
  });

  it('has the time of what the request turns out to be about', async () => {
    const { server, endpoint } = await slowToList(900);
    await ask(1, 'hello', { protocol: 1, dir });
    await configure(endpoint, { read: 500, list: 20_000 });
    const names = ['etcd:/app/', 'etcd:/app', 'etcd://prod', 'etcd://prod/app'];
    const opened = await Promise.all(names.map((name, i) => ask(10 + i, 'open', { name }, 0)));
    expect(opened.map(({ ok, err }) => (ok as { kind: string } | undefined)?.kind ?? err?.message)).toEqual(names.map(() => 'prefix'));
    expect(frames.filter(([, body]) => 'event' in body)).toEqual(
      expect.arrayContaining(names.map((_, i) => [0, { event: 'deadline', id: 10 + i, ms: 20_000 }])),
    );
    server.close();
  });

  it.each([
    ['open', { name: 'etcd:/x' }, 'read'],
    ['open', { name: 'etcd:/x/' }, 'list'],
    ['read', { name: 'etcd:/x' }, 'read'],
    ['complete', { text: 'etcd:/x', max: 10 }, 'complete'],
    ['theirs', { name: 'etcd:/x' }, 'read'],
  ])('%s of %j has the timeout that is set for %s', async (method, params, kind) => {
    const { server, endpoint } = await silence();
    const timeout = { read: 60_000, write: 60_000, list: 60_000, complete: 60_000, [kind]: 50 };
    await configure(endpoint, timeout);
    const message = expect.stringMatching(/no answer/) as string;
    expect(await ask(1, method, params, 0)).toMatchObject({ err: { code: 'timeout', message } });
    server.close();
  });

  it.each([
    ['put', 'outcome_unknown'],
    ['preview', 'timeout'],
  ])('%s has the timeout of a write: %s', async (method, code) => {
    const { server, endpoint } = await silence();
    await ask(1, 'hello', { protocol: 1, dir });
    await configure(endpoint, { read: 60_000, list: 60_000, complete: 60_000, write: 50 });
    const file = join(dir, 'w1');
    writeFileSync(file, 'x');
    expect(await ask(2, method, { name: 'etcd:/x', file }, 0)).toMatchObject({ err: { code } });
    server.close();
  });

  it('cancels the one request that is meant', async () => {
    const { server, endpoint, connected } = await silence();
    await configure(endpoint);
    const first = ask(1, 'open', { name: 'etcd:/x' }, 60_000);
    await connected;
    dispatcher.receive([0, 'cancel', { id: 99 }]);
    dispatcher.receive([0, 'cancel', { id: 1 }]);
    expect(await first).toMatchObject({ err: { code: 'cancelled' } });
    server.close();
  });

  it('leaves no body of what was cancelled while it was written', async () => {
    const keys = Array.from({ length: 10_000 }, (_, i) => `/${'k'.repeat(20)}${i + 10_000}`);
    const server = createHttp((request, answer) => {
      void text(request).then((body) => {
        const { key = '', limit = 'Infinity' } = JSON.parse(body) as { key?: string; limit?: string };
        const found = keys.filter((name) => name >= Buffer.from(key, 'base64').toString());
        const kvs = found.slice(0, Number(limit)).map((name) => ({ key: Buffer.from(name).toString('base64') }));
        const counts = { count: String(found.length), more: kvs.length < found.length };
        answer.end(JSON.stringify({ header: { cluster_id: '1', revision: '5' }, kvs, ...counts }));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await ask(1, 'hello', { protocol: 1, dir });
    await configure(`127.0.0.1:${(server.address() as { port: number }).port}`);
    const reply = ask(2, 'open', { name: 'etcd:/' });
    while (readdirSync(dir).length === 0) await new Promise((resolve) => setImmediate(resolve));
    dispatcher.receive([0, 'cancel', { id: 2 }]);
    expect(await reply).toMatchObject({ err: { code: 'cancelled' } });
    expect(readdirSync(dir)).toEqual([]);
    server.close();
  });

  it('takes a deadline that no timer can hold for a long one', async () => {
    const { server, endpoint, connected } = await silence();
    await configure(endpoint);
    const reply = ask(1, 'open', { name: 'etcd:/x' }, 2 ** 31);
    await connected;
    expect(await Promise.race([reply, new Promise((resolve) => setTimeout(resolve, 50, 'waits'))])).toBe('waits');
    dispatcher.receive([0, 'cancel', { id: 1 }]);
    await reply;
    server.close();
  });

  it('tells how far a long listing is', async () => {
    let page = 0;
    const server = createHttp((_, answer) => {
      const key = Buffer.from(`/k${page++}`).toString('base64');
      const body = JSON.stringify({ header: { cluster_id: '1', revision: '5' }, kvs: [{ key }], count: '2', more: page < 2 });
      setTimeout(() => answer.end(body), page < 2 ? 200 : 0);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await ask(1, 'hello', { protocol: 1, dir });
    await configure(`127.0.0.1:${(server.address() as { port: number }).port}`);
    expect(await ask(2, 'open', { name: 'etcd:/' })).toMatchObject({ ok: { kind: 'prefix', count: 2 } });
    expect(frames).toContainEqual([0, { event: 'progress', address: 'etcd:///', count: 1 }]);
    server.close();
  });

  it('does not read a file outside of the private directory', async () => {
    await ask(1, 'hello', { protocol: 1, dir });
    await configure('127.0.0.1:1');
    expect(await ask(2, 'put', { name: 'etcd:/x', file: '/etc/hostname' })).toMatchObject({ err: { code: 'internal' } });
  });
});
