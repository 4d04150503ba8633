import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { writeKey } from '../../src/keyspace/write/save.js';
import { CONNECTING } from '../../src/client/transport/transport.js';
import { createClient } from '../harness/client.js';
import { deafServer } from '../harness/deaf.js';
import { freePort, startEtcd } from '../harness/etcd.js';
import { tools } from '../harness/tools.js';
import { onEveryServer } from './servers.js';

const request = { key: '/x' };
const options = { budget: 3000 };

async function listening(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers every connection in one way until the test is over. */
async function against<T>(server: Server, body: (endpoint: string) => Promise<T>): Promise<T> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket));
  try {
    return await body(await listening(server));
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const fails = (endpoints: string[], error: object) =>
  expect(createClient({ endpoints }).range(request, options)).rejects.toMatchObject(error);
const answering = (listener: RequestListener): Server => createHttp(listener);

describe('what is there instead of etcd', () => {
  it('nothing', async () => {
    await fails([`127.0.0.1:${await freePort()}`], { code: 'unreachable', message: 'nothing is listening there' });
  });

  it('another HTTP server', async () => {
    const html = answering((_, answer) => answer.writeHead(404).end('<html>'));
    await against(html, (endpoint) => fails([endpoint], { code: 'unsupported', endpoint: `http://${endpoint}` }));
  });

  describe('a fake server in place of an etcd before 3.4, of which none can be had here', () => {
    /** A 404 as such servers say it, and a version. */
    const fake = (version: string): Server =>
      answering(({ url }, answer) => (url === '/version' ? answer.end(version) : answer.writeHead(404).end('404 page not found\n')));

    it.each(['3.3.27', '3.2.32', '2.3.8'])('is named by its version, %s', async (etcdserver) => {
      const message = `etcd ${etcdserver} answers there, which has no JSON gateway at /v3`;
      await against(fake(JSON.stringify({ etcdserver, etcdcluster: etcdserver })), async (endpoint) => {
        await fails([endpoint], { code: 'unsupported', message, endpoint: `http://${endpoint}` });
        const watching = createClient({ endpoints: [endpoint] }).watch(request, { budget: 3000 });
        await expect(watching[Symbol.asyncIterator]().next()).rejects.toMatchObject({ message });
      });
    });

    it.each([
      ['is new enough, and has its gateway off', '{"etcdserver":"3.5.30"}'],
      ['is of a time to come', '{"etcdserver":"10.0.0"}'],
      ['says what is no version', '{"etcdserver":"3.3\\n\\u001b[31m"}'],
      ['says nothing of the kind', '<html>'],
    ])('that %s is not', async (_, version) => {
      await against(fake(version), (endpoint) => fails([endpoint], { message: 'no etcd JSON gateway answers there (HTTP 404)' }));
    });
  });

  it('an HTTP server that says yes to everything', async () => {
    const yes = answering((_, answer) => answer.end('<html>welcome</html>'));
    await against(yes, (endpoint) => fails([endpoint], { code: 'unsupported' }));
    const json = answering((_, answer) => answer.end('{"kvs":[]}'));
    await against(json, (endpoint) => fails([endpoint], { code: 'unsupported' }));
  });

  it.each([
    ['without the operations that were asked for', { succeeded: true }],
    ['by a word', { succeeded: 'yes', responses: [] }],
    ['at a revision that was there before', { succeeded: true, responses: [{ response_put: {} }, { response_range: {} }] }],
  ])('what acknowledges a put %s: nobody knows what became of it', async (_, done) => {
    const header = { cluster_id: '1', revision: '5' };
    const liar = answering(({ url }, answer) => answer.end(JSON.stringify(url === '/v3/kv/txn' ? { header, ...done } : { header })));
    await against(liar, async (endpoint) => {
      const client = createClient({ endpoints: [endpoint] });
      const attempt = writeKey(client, { key: '/x', value: Buffer.from('v'), force: false }, { budget: 500 });
      await expect(attempt).rejects.toMatchObject({ code: 'outcome_unknown', message: expect.stringContaining('the answer') as string });
      await client.close();
    });
  });

  it('a server that speaks something else', async () => {
    const smtp = createTcp((socket) => socket.end('220 mail.example ESMTP\r\n'));
    await against(smtp, (endpoint) => fails([endpoint], { code: 'unsupported' }));
  });

  it('a server that never answers', async () => {
    const mute = createTcp(() => undefined);
    const attempt = (endpoint: string) => expect(createClient({ endpoints: [endpoint] }).range(request, { budget: 100 })).rejects;
    await against(mute, (endpoint) => attempt(endpoint).toMatchObject({ code: 'timeout' }));
  });

  it('a host that drops what is sent to it: for as long as a connection may take, and no longer than the request may', async () => {
    const deaf = await deafServer();
    const client = (connectTimeout: number) => createClient({ endpoints: [deaf.endpoint], connectTimeout });
    const began = performance.now();
    const short = client(200).range(request, { budget: 60_000 });
    await expect(short).rejects.toMatchObject({ code: 'unreachable', message: 'no answer to the connection' });
    // Less than the default.
    expect(performance.now() - began).toBeLessThan(CONNECTING);
    // Longer than a timer of Node can be.
    const long = client(3_600_000_000);
    // A put that was never sent is certainly not written.
    const put = long.putUnseen({ key: '/x', value: Buffer.from('v') }, { budget: 1500 });
    await expect(put).rejects.toMatchObject({ code: 'timeout', message: 'no connection in time', indefinite: false });
    const stop = new AbortController();
    const stopped = long.range(request, { budget: 3_600_000, signal: stop.signal });
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    deaf.close();
  });

  it('an etcd that takes its time: that is no lost quorum', async () => {
    const header = { cluster_id: '1', revision: '5' };
    const slow = answering((asked, answer) => {
      asked.setEncoding('utf8').on('data', (body: string) => {
        setTimeout(() => answer.end(JSON.stringify({ header })), body.includes('"key":"AA=="') ? 0 : 4500);
      });
    });
    await against(slow, async (endpoint) => {
      const client = createClient({ endpoints: [endpoint] });
      expect(await client.range({ ...request, stale: 'allowed' }, { budget: 30_000 })).toMatchObject({ stale: false });
      await client.close();
    });
  });

  it('a server that sends byte by byte, for ever', async () => {
    const drip = answering((_, answer) => {
      answer.writeHead(200);
      const timer = setInterval(() => answer.write(' '), 10);
      answer.on('close', () => clearInterval(timer));
    });
    await against(drip, (endpoint) =>
      expect(createClient({ endpoints: [endpoint] }).range(request, { budget: 300 })).rejects.toMatchObject({ code: 'timeout' }),
    );
  });

  it('a server that sends us elsewhere', async () => {
    let followed = 0;
    const there = answering((_, answer) => answer.end(String(followed++)));
    await against(there, async (target) => {
      const here = answering((_, answer) => answer.writeHead(307, { location: `http://${target}/` }).end());
      await against(here, (endpoint) => fails([endpoint], { code: 'unsupported', message: expect.stringContaining('307') as string }));
    });
    expect(followed).toBe(0);
  });

  it.each(['{},', '1,', '['])('an answer of millions of %j', async (unit) => {
    const many = answering((_, answer) => answer.end(`{"header":{"cluster_id":"1"},"kvs":[${unit.repeat(1e6)}`));
    await against(many, (endpoint) => fails([endpoint], { code: 'too_large' }));
  });

  it('an answer that is cut off', async () => {
    const cut = answering((_, answer) => {
      answer.writeHead(200, { 'content-length': 100 }).write('{"header":');
      answer.destroy();
    });
    await against(cut, (endpoint) =>
      expect(createClient({ endpoints: [endpoint] }).range(request, { budget: 200 })).rejects.toMatchObject({
        code: 'unavailable',
        indefinite: true,
      }),
    );
  });

  it.each(tools.etcds)('$name without its gateway', async ({ command }) => {
    const bare = await startEtcd(command, ['--enable-grpc-gateway=false']);
    await fails([bare.endpoint], { code: 'unsupported', hint: expect.stringContaining('--enable-grpc-gateway') as string });
    await bare.stop();
  });
});

onEveryServer('several endpoints', (server) => {
  it('are tried in turn, and the one that works is kept', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const html = answering((_, answer) => answer.writeHead(404).end());
    await against(html, async (other) => {
      const client = createClient({ endpoints: [nobody, other, server().endpoint] });
      expect((await client.range(request, options)).header.clusterId).not.toBe('0');
      expect(client.endpoint()).toBe(`http://${server().endpoint}`);
      await client.close();
    });
  });

  it('may be below a path, of which some are empty', async () => {
    const paths: string[] = [];
    const gateway = answering((asked, answer) => {
      paths.push(asked.url ?? '');
      answer.end(JSON.stringify({ header: { cluster_id: '1', revision: '5' } }));
    });
    await against(gateway, async (endpoint) => {
      const client = createClient({ endpoints: ['', `http://${endpoint}/etcd/`, ''] });
      await client.range(request, options);
      await client.scan(request, () => undefined, options);
      await client.status(options);
      expect(client.endpoint()).toBe(`http://${endpoint}/etcd`);
      await client.close();
    });
    expect(paths).toEqual(expect.arrayContaining(['/etcd/v3/kv/range', '/etcd/v3/maintenance/status']));
    expect(paths.filter((path) => !path.startsWith('/etcd/v3/'))).toEqual([]);
  });

  it('fail together by one error that names them all', async () => {
    const [one, two] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
    await fails([one, two], { code: 'unreachable', endpoint: `http://${one}, http://${two}` });
  });

  it('one that hangs costs a second, not the budget', async () => {
    const mute = createTcp(() => undefined);
    await against(mute, async (hangs) => {
      const client = createClient({ endpoints: [hangs, server().endpoint] });
      const began = performance.now();
      await client.range(request, options);
      expect(performance.now() - began).toBeLessThan(2900);
      await client.close();
    });
  });

  it('an error of the request is not tried elsewhere', async () => {
    let asked = 0;
    const counting = answering((_, answer) => answer.writeHead(200).end(String(asked++)));
    await against(counting, async (other) => {
      const client = createClient({ endpoints: [server().endpoint, other] });
      await expect(client.range({ key: '' }, options)).rejects.toMatchObject({ code: 'invalid_address' });
      await client.close();
    });
    expect(asked).toBe(0);
  });
});
