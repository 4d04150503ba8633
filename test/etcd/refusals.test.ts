/** A final refusal costs one request, has a known outcome, and says who has refused: a server or a proxy. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClient, openSecret, type Client, type ClusterSettings } from '../../src/client/index.js';
import { writeKey } from '../../src/keyspace/write/save.js';
import { makeCertificates, type Certificates } from '../harness/certificates.js';
import { startCluster, type ClusterOptions, type TestCluster } from '../harness/cluster.js';
import { startRelay, type Relay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { ALICE, enableAuth } from '../harness/users.js';

/** Long, so that a retried error would show by the count, and not by the clock. */
const options = { budget: 10_000 };
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function client(settings: ClusterSettings): Client {
  const opened = createClient(settings);
  ends.push(() => opened.close());
  return opened;
}

const put = (to: Client, key = '/x', value = Buffer.from('new')) => writeKey(to, { key, value, force: false }, options);
const refusal = (error: object) => expect.objectContaining({ indefinite: false, retryable: false, ...error }) as Error;

describe.each(tools.etcds)('a server that refuses ($name)', ({ command }) => {
  let cluster: TestCluster;
  let relay: Relay;
  let asked = 0;

  async function start(cluster_: Promise<TestCluster>): Promise<void> {
    cluster = await cluster_;
    ends.push(() => cluster.close());
    relay = await startRelay((cluster.endpoints[0] as string).replace(/^.*\//, ''));
    ends.push(() => relay.close());
    asked = 0;
    relay.onRequest = (piece) => (asked += piece.toString('latin1').split('POST /').length - 1);
  }
  const started = (more: ClusterOptions = {}): Promise<void> => start(startCluster({ command, ...more }));

  async function once_(attempt: Promise<unknown>, error: object): Promise<void> {
    asked = 0;
    await expect(attempt).rejects.toEqual(refusal(error));
    expect(asked).toBe(1);
  }

  it('for the alarm CORRUPT: reading goes on', async () => {
    await started();
    const { body } = await cluster.inspect().post('/v3/maintenance/status', {});
    const { member_id: memberID } = body['header'] as { member_id: string };
    await cluster.inspect().post('/v3/maintenance/alarm', { action: 'ACTIVATE', memberID, alarm: 'CORRUPT' });
    const corrupt = client({ endpoints: [relay.endpoint] });
    await once_(put(corrupt), { code: 'corrupt', message: 'etcdserver: corrupt cluster' });
    expect((await corrupt.range({ key: '/x' }, options)).kvs).toEqual([]);
  });

  it('for users: without a password, with a wrong one, without a role', async () => {
    await started();
    await cluster.inspect().post('/v3/auth/user/add', { name: 'certified', options: { no_password: true } });
    await enableAuth(cluster.inspect(), [{ type: 'READWRITE', key: '/app/', rangeEnd: '/app0' }]);
    const as = (user: string, password: string): Client =>
      client({ endpoints: [relay.endpoint], credentials: { user, password: openSecret({ what: 'password', given: password }) } });
    const error = { code: 'unauthenticated', message: 'user certified has no password', wants: undefined };
    await once_(as('certified', 'x').range({ key: '/x' }, options), error);
    await once_(put(as('certified', 'x')), error);
    await once_(as(ALICE.user, 'x').range({ key: '/x' }, options), {
      code: 'unauthenticated',
      message: 'wrong password, or no user alice',
    });
    await once_(put(client({ endpoints: [relay.endpoint] })), { code: 'unauthenticated' });
    const alice = as(ALICE.user, ALICE.password);
    await alice.range({ key: '/app/x' }, options);
    await once_(alice.range({ key: '/x' }, options), { code: 'permission_denied' });
  });

  it('for what was asked', async () => {
    await started();
    const own = client({ endpoints: [relay.endpoint] });
    await cluster.inspect().put('/x', '1');
    await cluster.inspect().post('/v3/kv/compaction', { revision: await cluster.inspect().put('/x', '2') });
    await once_(own.range({ key: '/x', revision: '1' }, options), { code: 'compacted' });
    await once_(own.range({ key: '/x', revision: '99' }, options), { code: 'future_revision' });
    await once_(own.range({ key: '' }, options), { code: 'invalid_address' });
    const many = Array.from({ length: 129 }, () => ({ key: '/x' }));
    await once_(own.rangeMany(many, options), { code: 'too_many_ops' });
  });

  it('for a host name that is not on its list', async () => {
    await started({ flags: ['--host-whitelist', '127.0.0.1'] });
    const named = client({ endpoints: [relay.endpoint.replace('127.0.0.1', 'localhost')] });
    const error = { code: 'unsupported', message: 'etcd does not go by that name' };
    await once_(named.range({ key: '/x' }, options), error);
    await once_(put(named), error);
  });

  it('because its gateway cannot reach it: a certificate that is for no client, with --client-cert-auth', async () => {
    const certificates: Certificates = makeCertificates();
    ends.push(() => certificates.remove());
    const { ca, client: own, serverOnly } = certificates;
    const tls = { ...serverOnly, ca, clientCa: ca, clientCert: own.cert, clientKey: own.key };
    await start(startCluster({ command, tls, start: [] }));
    cluster.start(0);
    const ready = async (): Promise<void> => expect((await cluster.inspect().post('/v3/kv/range', { key: 'AA==' })).status).toBe(503);
    await vi.waitFor(ready, { timeout: 20_000 });
    const secure = client({ endpoints: [`https://${relay.endpoint}`], tls: { cacert: ca, ...own } });
    const error = { code: 'tls', message: expect.stringMatching(/^the gateway of etcd cannot reach its own server \(.+\)$/) as string };
    await expect(secure.range({ key: '/x' }, options)).rejects.toEqual(refusal(error));
    await expect(put(secure)).rejects.toEqual(refusal(error));
  });
});

describe('a proxy that refuses', () => {
  async function proxy(status: number): Promise<{ endpoint: string; asked: () => number }> {
    let asked = 0;
    const server: Server = createServer((request, answer) => {
      request.resume().on('end', () => {
        // After a 404 an etcd would be asked for its version. That is no request to etcd itself.
        if (request.url !== '/version') asked++;
        answer.writeHead(status, { 'content-type': 'text/html' }).end(`<html><center><h1>${status}</h1></center><hr>nginx</html>`);
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    ends.push(() => server.close());
    return { endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
  }

  it.each([
    [301, 'unsupported', 'no etcd JSON gateway answers there (HTTP 301)'],
    [400, 'unsupported', 'no etcd JSON gateway answers there (HTTP 400)'],
    [401, 'unauthenticated', 'HTTP 401, from a proxy'],
    [403, 'permission_denied', 'HTTP 403, from a proxy'],
    [404, 'unsupported', 'no etcd JSON gateway answers there (HTTP 404)'],
    [413, 'too_large', expect.stringMatching(/^HTTP 413, from a proxy: the request has \d+ bytes$/) as unknown],
    [421, 'unsupported', 'HTTP 421, from a proxy'],
    [429, 'unavailable', 'HTTP 429, from a proxy'],
  ])('with %i: one request to read, one to write', async (status, code, message) => {
    const { endpoint, asked } = await proxy(status);
    const refused = client({ endpoints: [endpoint] });
    await expect(refused.range({ key: '/x', stale: 'allowed' }, options)).rejects.toEqual(refusal({ code, message }));
    expect(asked()).toBe(1);
    await expect(put(refused)).rejects.toEqual(refusal({ code, message }));
    expect(asked()).toBe(2);
  });

  it.each([502, 503])('with %i may have asked etcd: tried again, and no page is shown', async (status) => {
    const { endpoint, asked } = await proxy(status);
    const error = { code: 'unavailable', message: `HTTP ${status}, from a proxy` };
    await expect(client({ endpoints: [endpoint] }).range({ key: '/x' }, { budget: 500 })).rejects.toMatchObject(error);
    expect(asked()).toBeGreaterThan(1);
  });

  it('stands in the way of one endpoint, and not of the others', async () => {
    const cluster = await startCluster();
    ends.push(() => cluster.close());
    for (const status of [401, 403, 413, 421, 429]) {
      const { endpoint, asked } = await proxy(status);
      const both = client({ endpoints: [endpoint, ...cluster.endpoints] });
      expect((await both.range({ key: '/x' }, options)).kvs).toEqual([]);
      expect(await put(both, `/${status}`)).toMatchObject({ created: true });
      expect(asked()).toBe(1);
    }
  });
});
