/** The one door. Every write is refused for a profile or a key that is read-only; and with `confirm`, if nobody was asked. */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Method } from '../../src/host/protocol.js';
import { openHost, type Host } from '../fault/host.js';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';
import { written } from '../harness/settings.js';

let etcd: TestEtcd;
let host: Host;
let lease: string;
let old: string;
beforeAll(async () => {
  etcd = await startEtcd();
  host = await openHost({ endpoints: [etcd.endpoint] });
});
afterAll(async () => {
  host.close();
  await etcd.stop();
});
beforeEach(async () => {
  await set({});
  lease = await etcd.grantLease(600);
  old = await etcd.put('/door/a', 'old');
  await etcd.put('/door/a', 'x', lease);
  await etcd.delete('/door/b');
});

const set = async (more: object) => host.ask('configure', written({ '': { endpoints: [etcd.endpoint], ...more } }));
const held = async () => Promise.all(['/door/a', '/door/b'].map(async (key) => (await etcd.get(key))?.value.toString()));
const a = { name: 'etcd:/door/a' };

/** Each writes something different to /door/. */
const plans: [Method, () => object, string?][] = [
  ['remove', () => ({ names: [a] })],
  ['rename', () => ({ names: [a], to: 'etcd:/door/b' })],
  ['restore', () => ({ name: `etcd:/door/a?rev=${old}` })],
  ['document_plan', () => ({ name: 'etcd:/door/?yaml' }), 'b: new\n'],
];
const writes: [Method, () => object, string?][] = [
  ['put', () => ({ ...a, force: true }), 'new'],
  ['ttl', () => ({ names: [a], ttl: 0, open: [] })],
  ['revoke', () => ({ profile: '', id: BigInt(lease).toString(16), keys: ['/door/a'] })],
];

it.each([...plans, ...writes])('%s is refused for a profile that is read-only', async (method, params, text) => {
  await set({ readonly: true });
  expect((await host.ask(method, params(), text)).err).toMatchObject({ code: 'permission_denied' });
  expect(await held()).toEqual(['x', undefined]);
});

it.each(plans)('the plan of %s is not applied unasked with confirm, nor after the profile has become read-only', async (...given) => {
  const [method, params, text] = given;
  for (const [more, asked] of [[{ confirm: true }, false] as const, [{ readonly: true }, true] as const]) {
    await set({ confirm: true });
    const made = await host.ask(method, params(), text);
    expect(made.ok).toMatchObject({ confirm: true });
    await set(more);
    const { err } = await host.ask('apply', { plan: made.ok?.['plan'], asked });
    expect(err).toMatchObject({ code: 'permission_denied' });
    expect(await held()).toEqual(['x', undefined]);
  }
});

it.each(writes)('%s is refused unasked with confirm, and done if somebody was asked', async (method, params, text) => {
  await set({ confirm: true });
  expect((await host.ask(method, params(), text)).err).toMatchObject({ code: 'permission_denied' });
  expect(await etcd.get('/door/a')).toMatchObject({ value: Buffer.from('x'), lease });
  expect(await host.ask(method, { ...params(), asked: true }, text)).toMatchObject({ ok: {} });
});

const rule = (more: object) => ({ rules: [{ keys: '/door/*', ...more }] });
/** Some write the one key, and some the other. */
const named = /\/door\/[ab] \(use failover\)/;

it.each([...plans, ...writes])('%s is refused for a key that a rule has read-only, by its name and note', async (method, params, text) => {
  await set(rule({ readonly: true, note: 'use failover' }));
  const { err } = await host.ask(method, params(), text);
  expect(err).toMatchObject({ code: 'permission_denied', message: expect.stringMatching(named) as string });
  expect(err?.message).toMatch(/is read-only; see g:etcd\.rules$/);
  expect(err).not.toHaveProperty('unasked');
  expect(await held()).toEqual(['x', undefined]);
});

it.each(plans)('the plan of %s says its note, and is not applied unasked, nor after the key has become read-only', async (...given) => {
  const [method, params, text] = given;
  const asks = rule({ confirm: true, note: 'use failover' });
  for (const [more, asked] of [[asks, false] as const, [rule({ readonly: true }), true] as const]) {
    await set(asks);
    const made = await host.ask(method, params(), text);
    expect(made.ok).toMatchObject({ confirm: true, ask: 'show' });
    expect((made.ok?.['lines'] as string[])[0]).toMatch(/^\/door\/[ab]( and 1 more)?: use failover$/);
    await set(more);
    const { err } = await host.ask('apply', { plan: made.ok?.['plan'], asked });
    expect(err).toMatchObject({ code: 'permission_denied' });
    expect(await held()).toEqual(['x', undefined]);
  }
});

it.each(writes)('%s of a key with a rule is refused unasked, with what to ask, and done if somebody was asked', async (...given) => {
  const [method, params, text] = given;
  await set(rule({ confirm: true, note: 'use failover' }));
  const { err } = await host.ask(method, params(), text);
  expect(err).toMatchObject({ code: 'permission_denied', unasked: ['/door/a: use failover'] });
  expect(await etcd.get('/door/a')).toMatchObject({ value: Buffer.from('x'), lease });
  expect(await host.ask(method, { ...params(), asked: true }, text)).toMatchObject({ ok: {} });
});

it('ttl of several keys says the notes of all of them', async () => {
  await etcd.put('/door/b', 'y');
  await set({
    rules: [
      { keys: '/door/a', confirm: true, note: 'ask me' },
      { keys: '/door/b', note: 'the leader' },
    ],
  });
  const { err } = await host.ask('ttl', { names: [a, { name: 'etcd:/door/b' }], ttl: 30, open: [] });
  expect(err).toMatchObject({ code: 'permission_denied', unasked: ['/door/a: ask me', '/door/b: the leader'] });
});

it('a lease whose key is read-only says so before anybody is asked', async () => {
  await set({ rules: [{ keys: '/door/a', readonly: true }] });
  const id = BigInt(lease).toString(16);
  expect((await host.ask('leases', { profile: '', id })).ok).toMatchObject({
    leases: [{ refused: '/door/a is read-only, and goes with it' }],
  });
});

it.each([...plans, ...writes])('%s of keys that no rule is about is what it is without rules', async (method, params, text) => {
  await set({ rules: [{ keys: '/doors/**', readonly: true, confirm: true }] });
  const { ok } = await host.ask(method, params(), text);
  expect(ok).toBeDefined();
  if (ok?.['plan'] !== undefined) expect(ok).toMatchObject({ confirm: false });
});

it('an undo and an edited listing are refused for a key that is read-only', async () => {
  const done = await host.ask('put', { ...a, force: true }, 'new');
  expect(done).toMatchObject({ ok: {} });
  await set({ rules: [{ keys: '/door/a', readonly: true }] });
  const refused = { code: 'permission_denied', message: expect.stringContaining('/door/a is read-only') as string };
  expect((await host.ask('undo', {})).err).toMatchObject(refused);
  const name = 'etcd:/door/?edit';
  const opened = (await host.ask('open', { name })).ok as { file: string; cluster_id: string; seen: string };
  const [base, text] = [`${opened.file}-base`, `${opened.file}-text`];
  writeFileSync(base, '1\ta\n');
  writeFileSync(text, '1\tz\n');
  const buffers = [{ name, base, text, cluster_id: opened.cluster_id, seen: opened.seen }];
  expect((await host.ask('edit_plan', { name, buffers })).err).toMatchObject(refused);
  expect((await etcd.get('/door/a'))?.value.toString()).toBe('new');
});

it('a prefix that would take a read-only key along is refused by the name of that key, before and after it was shown', async () => {
  for (const key of ['/take/a/config', '/take/b/leader', '/take/c/config']) await etcd.put(key, 'x');
  const protect = { rules: [{ keys: '/take/*/leader', readonly: true, note: 'use failover' }] };
  const refused = {
    code: 'permission_denied',
    message: expect.stringContaining('/take/b/leader (use failover) is read-only; see g:etcd.rules') as string,
  };
  const all = { names: [{ name: 'etcd:/take/' }] };
  const made = await host.ask('remove', all);
  await set(protect);
  expect((await host.ask('apply', { plan: made.ok?.['plan'], asked: true })).err).toMatchObject(refused);
  expect((await host.ask('remove', all)).err).toMatchObject(refused);
  expect((await host.ask('rename', { ...all, to: 'etcd:/taken/' })).err).toMatchObject(refused);
  expect((await host.ask('remove', { names: [{ name: 'etcd:/take/b/' }] })).err).toMatchObject(refused);
  expect(await host.ask('rename', { ...all, to: 'etcd:/taken/', copy: true })).toMatchObject({ ok: { keys: 3 } });
  const beside = await host.ask('remove', { names: [{ name: 'etcd:/take/a/' }, { name: 'etcd:/take/c/' }] });
  expect(await host.ask('apply', { plan: beside.ok?.['plan'] })).toMatchObject({ ok: { keys: 2 } });
  expect(await etcd.get('/take/b/leader')).toBeDefined();
});

it('what is opened says whether it is read-only, and its note; so do info and the preview of a put', async () => {
  await set(rule({ readonly: true, note: 'use failover' }));
  expect(await host.ask('open', a)).toMatchObject({ ok: { kind: 'key', readonly: true, note: 'use failover' } });
  expect(await host.ask('open', { name: 'etcd:/door/b' })).toMatchObject({ ok: { kind: 'new', readonly: true, note: 'use failover' } });
  const { ok } = await host.ask('info', a);
  expect((ok?.['rows'] as string[][]).slice(1, 3)).toEqual([
    ['note', 'use failover'],
    ['writes', 'refused: readonly'],
  ]);
  await set(rule({ confirm: true, note: 'use failover' }));
  const preview = await host.ask('preview', { ...a, force: true }, 'new');
  expect(preview).toMatchObject({ ok: { ask: true, notes: ['/door/a: use failover'] } });
  const leases = await host.ask('leases', { profile: '', id: BigInt(lease).toString(16) });
  expect(leases).toMatchObject({ ok: { leases: [{ notes: ['/door/a: use failover'] }] } });
  await etcd.put('/door/b', 'x', lease);
  const both = await host.ask('leases', { profile: '', id: BigInt(lease).toString(16) });
  expect(both).toMatchObject({ ok: { leases: [{ notes: ['/door/a and 1 more: use failover'] }] } });
});
