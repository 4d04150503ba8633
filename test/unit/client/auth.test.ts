import { describe, expect, it, vi } from 'vitest';
import { openAuth } from '../../../src/client/auth.js';
import { isPrivate } from '../../../src/client/endpoint-url.js';
import { EtcdError } from '../../../src/client/errors.js';
import type { Exchange, Gateway } from '../../../src/client/gateway.js';
import { openSecret } from '../../../src/client/secret.js';

const exchange = (): Exchange => ({ share: 1000, end: performance.now() + 1000 });

function gatewayAt(endpoint: string, clusterId = '1'): Gateway & { logins: number } {
  const gateway = {
    endpoint,
    logins: 0,
    cluster: () => clusterId,
    link: () => '1',
    post: <Answer>() => Promise.resolve({ header: { cluster_id: clusterId }, token: `t${++gateway.logins}.1` } as Answer),
    stream: () => Promise.reject(new Error('not streamed')),
    open: () => Promise.reject(new Error('unused')),
    get: () => Promise.reject(new Error('unused')),
    close: () => Promise.resolve(),
  };
  return gateway;
}

describe('a login', () => {
  const credentials = () => ({ user: 'alice', password: openSecret({ what: 'password', given: 'hunter2' }) });
  const token = ({ token: sent }: Exchange) => Promise.resolve(sent);

  it('over a network in the clear is noticed, once, without the password', async () => {
    const notices: string[] = [];
    const auth = openAuth(credentials(), (text) => notices.push(text));
    await auth.send(gatewayAt('http://127.0.0.1:2379'), exchange(), token);
    expect(notices).toEqual([]);
    for (const clusterId of ['2', '3']) await auth.send(gatewayAt('http://10.0.0.1:2379', clusterId), exchange(), token);
    expect(notices).toEqual([expect.stringMatching(/alice.*http:\/\/10\.0\.0\.1:2379 unencrypted/)]);
    expect(notices.join('')).not.toContain('hunter2');
  });

  it('is done once for a cluster, and its token is shown to no other', async () => {
    const auth = openAuth(credentials(), () => undefined);
    const [one, two] = [gatewayAt('http://127.0.0.1:1', '1'), gatewayAt('http://127.0.0.1:2', '2')];
    expect(await auth.send(one, exchange(), token)).toBe('t1.1');
    expect(await auth.send(one, exchange(), token)).toBe('t1.1');
    expect(await auth.send(two, exchange(), token)).toBe('t1.1');
    expect([one.logins, two.logins]).toEqual([1, 1]);
  });
});

describe('a token that has expired', () => {
  const expired = new EtcdError('unauthenticated', 'etcdserver: invalid auth token');

  /** A client that is already logged in, at an endpoint that refuses the first token from now on. */
  async function loggedIn() {
    const auth = openAuth({ user: 'alice', password: openSecret({ what: 'password', given: 'hunter2' }) }, () => undefined);
    const gateway = gatewayAt('http://127.0.0.1:1');
    const request = ({ token }: Exchange) => (token === 't1.1' ? Promise.reject(expired) : Promise.resolve(token));
    await auth.send(gateway, exchange(), ({ token }) => Promise.resolve(token));
    return { auth, gateway, request };
  }

  it('is renewed once for all requests that it was refused to', async () => {
    const { auth, gateway, request } = await loggedIn();
    const tokens = await Promise.all(Array.from({ length: 5 }, () => auth.send(gateway, exchange(), request)));
    expect(new Set(tokens)).toEqual(new Set(['t2.1']));
    expect(gateway.logins).toBe(2);
  });

  it('does not take the new one along where it is refused late', async () => {
    const { auth, gateway, request } = await loggedIn();
    let refuse: (() => void) | undefined;
    const late = auth.send(gateway, exchange(), ({ token }) =>
      token === 't1.1' ? new Promise((_, reject) => (refuse = () => reject(expired))) : Promise.resolve(token),
    );
    await vi.waitUntil(() => refuse !== undefined);
    expect(await auth.send(gateway, exchange(), request)).toBe('t2.1');
    refuse?.();
    expect(await late).toBe('t2.1');
    expect(await auth.send(gateway, exchange(), request)).toBe('t2.1');
    expect(gateway.logins).toBe(2);
  });

  it('is renewed by the next one where the login was given up', async () => {
    const { auth, gateway, request } = await loggedIn();
    const stop = new AbortController();
    const { post } = gateway;
    gateway.post = (_path, _body, { signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
    const first = auth.send(gateway, { ...exchange(), signal: stop.signal }, request);
    const second = auth.send(gateway, exchange(), request);
    await new Promise((resolve) => setImmediate(resolve));
    gateway.post = post;
    stop.abort(new EtcdError('cancelled', 'cancelled'));
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect(await second).toBe('t2.1');
  });
});

it.each([
  ['http://localhost:1', true],
  ['http://127.9.9.9:1', true],
  ['http://[::1]:1', true],
  ['https://10.0.0.1:1', true],
  ['http://10.0.0.1:1', false],
  ['http://localhost.example:1', false],
  ['http://127.0.0.1.example:1', false],
])('%s is private: %s', (endpoint, secret) => {
  expect(isPrivate(endpoint)).toBe(secret);
});
