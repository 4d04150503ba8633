import { describe, expect, it } from 'vitest';
import { openAuth } from '../../../src/etcd/auth.js';
import { isPrivate } from '../../../src/etcd/endpoint-url.js';
import type { Exchange, Gateway } from '../../../src/etcd/gateway.js';
import { openSecret } from '../../../src/etcd/secret.js';

const exchange = (): Exchange => ({ share: 1000, end: performance.now() + 1000 });

function gatewayAt(endpoint: string, clusterId = '1'): Gateway & { logins: number } {
  const gateway = {
    endpoint,
    logins: 0,
    cluster: () => clusterId,
    post: <Answer>() => Promise.resolve({ header: { cluster_id: clusterId }, token: `t${++gateway.logins}.1` } as Answer),
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
