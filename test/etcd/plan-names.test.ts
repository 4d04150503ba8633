/** What a plan takes as the name of a key or a prefix. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Method } from '../../src/host/protocol.js';
import { openHost, type Host } from '../fault/host.js';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';

let etcd: TestEtcd;
let host: Host;
beforeAll(async () => {
  etcd = await startEtcd();
  host = await openHost({ endpoints: [etcd.endpoint] });
  await etcd.put('/a/x', 'x');
});
afterAll(async () => {
  host.close();
  await etcd.stop();
});

const text = 'is a text about keys, and no name of any; the prefix is etcd:///a/';
const past = 'is the past, which nobody can change; leave out ?rev=';
it.each<[Method, string, string]>(
  (['?yaml', '?jsonl', '?edit', '?edit=all', '?rev=2'] as const).flatMap((query) =>
    (['remove', 'rename'] as const).map((method): [Method, string, string] => [method, query, query === '?rev=2' ? past : text]),
  ),
)('%s refuses etcd:/a/%s', async (method, query, why) => {
  const made = await host.ask(method, { names: [{ name: `etcd:/a/${query}` }], ...(method === 'rename' && { to: 'etcd:/b/' }) });
  expect(made.err?.message).toContain(`etcd:///a/${query} ${why}`);
  if (method !== 'rename') return;
  const onto = await host.ask(method, { names: [{ name: 'etcd:/a/x' }], to: `etcd:/a/${query}` });
  expect(onto.err?.message).toContain(`etcd:///a/${query} ${why}`);
});

it.each([
  ['/a/x', '/a/x', '/a/x is called that already'],
  ['/a/x', '/a/', '/a/x is called that already'],
  ['/a/', '/a/', '/a/ is called that already'],
  ['/a/', '/', '/a/ is called that already'],
  ['/a/', '/a/b/', '/a/ cannot be moved to /a/b/x, which is inside itself'],
])('%s cannot be moved to %s: %s', async (from, to, why) => {
  const into = from === '/a/' && to === '/' ? [{ name: 'etcd:/a/' }, { name: 'etcd:/b/' }] : [{ name: `etcd:${from}` }];
  await etcd.put('/b/y', 'y');
  const made = await host.ask('rename', { names: into, to: `etcd:${to}` });
  expect(made.err?.message).toBe(`etcd: cannot move or copy: ${why}`);
});

it('a value in another form is the key', async () => {
  const made = await host.ask('remove', { names: [{ name: 'etcd:///a/x?as=json', exact: true }] });
  expect(made.ok).toMatchObject({ lines: ['delete /a/x 1B'] });
});
