/** What a plan puts is checked like what `:w` writes (g:etcd.validate), whichever method makes the plan; but not with !. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Method } from '../../src/host/protocol.js';
import { openHost, type Host } from '../fault/host.js';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';

let etcd: TestEtcd;
let host: Host;
let old: string;
beforeAll(async () => {
  etcd = await startEtcd();
  host = await openHost({ endpoints: [etcd.endpoint] });
  await host.ask('configure', { settings: { endpoints: [etcd.endpoint], validate: { '/json/': 'json' } } });
  await etcd.put('/plain/a', 'no json');
  old = await etcd.put('/json/past', 'none either');
  await etcd.put('/json/past', '{}');
  await etcd.put('/json/same', 'was always so');
});
afterAll(async () => {
  host.close();
  await etcd.stop();
});

const plans: [Method, () => object, object, string?][] = [
  ['document_plan', () => ({ name: 'etcd:/json/?yaml' }), { force: true }, 'new: "{"\n'],
  ['rename', () => ({ names: [{ name: 'etcd:/plain/a' }], to: 'etcd:/json/a' }), { force: true }],
  ['restore', () => ({ name: `etcd:/json/past?rev=${old}` }), { unchecked: true }],
];

it.each(plans)('%s is refused by the name of the key, and made with !', async (method, params, bang, text) => {
  const { err } = await host.ask(method, params(), text);
  expect(err).toMatchObject({ code: 'invalid_value', message: expect.stringMatching(/: \/json\/\w+: no valid JSON: .*; add !/) as string });
  expect(err).not.toHaveProperty('line');
  expect((await host.ask(method, { ...params(), ...bang }, text)).ok).toMatchObject({ lines: expect.anything() as unknown });
});

it('a value that stays as it is may be what it is', async () => {
  const ttl = { names: [{ name: 'etcd:/json/same' }], ttl: 600, open: [] };
  expect((await host.ask('ttl', ttl)).ok).toMatchObject({ keys: 1 });
});

it('undo is checked, too', async () => {
  const moved = await host.ask('rename', { names: [{ name: 'etcd:/json/same' }], to: 'etcd:/plain/b' });
  expect(await host.ask('apply', { plan: moved.ok?.['plan'] })).toMatchObject({ ok: {} });
  expect((await host.ask('undo', {})).err).toMatchObject({ code: 'invalid_value' });
  expect((await host.ask('undo', { unchecked: true })).ok).toMatchObject({ keys: 1 });
});
