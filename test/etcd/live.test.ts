/** What the host tells the editor about open addresses, on real servers. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createDispatcher, type Dispatcher } from '../../src/host/dispatcher.js';
import type { Reply } from '../../src/host/protocol.js';
import type { TestEtcd } from '../harness/etcd.js';
import { ALICE, enableAuth } from '../harness/users.js';
import { onEveryServer } from './servers.js';
import { written } from '../harness/settings.js';

type Event = Record<string, unknown>;

let dispatcher: Dispatcher | undefined;
afterEach(() => dispatcher?.close());

/** The host, with what it pushes, in order. */
function openHost(settings: object) {
  const events: Event[] = [];
  let wake = (): void => undefined;
  let serial = 0;
  const answers = new Map<number, (reply: Reply) => void>();
  const host = createDispatcher(([id, body]) => {
    // How long a request may take is not an event of etcd.
    if (id !== 0) answers.get(id)?.(body as Reply);
    else if ((body as Event)['event'] !== 'deadline') events.push(body as Event);
    wake();
  });
  dispatcher = host;
  const send = (method: string, params: object): void => host.receive([++serial, method, params, 8000]);
  send('hello', { protocol: 1, dir: mkdtempSync(join(tmpdir(), 'etcd-vim-host-')) });
  send('configure', written({ '': settings }));
  return {
    send,
    async ask(method: string, params: object): Promise<Record<string, unknown>> {
      const reply = new Promise<Reply>((resolve) => answers.set(serial + 1, resolve));
      send(method, params);
      const { ok } = (await reply) as { ok: Record<string, unknown> };
      return ok;
    },
    async next(): Promise<Event> {
      while (events.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return events.shift() as Event;
    },
  };
}

const opened = (revision: string, ...keys: string[]) => ({ open: keys.map((key) => ({ name: `etcd://${key}`, revision })) });
const compact = (server: TestEtcd, revision: string) => server.post('/v3/kv/compaction', { revision, physical: true });

onEveryServer('what is open', (server) => {
  it('is told of once until it was heard: puts, deletes, and nothing of other keys', async () => {
    const read = await server().put('/l/a', 'one');
    const host = openHost({ endpoints: [server().endpoint] });
    const before = await server().put('/l/a', 'before the watch');
    host.send('watch', opened(read, '/l/a', '/l/c'));
    expect(await host.next()).toEqual({ event: 'changed', address: 'etcd:///l/a', revision: before });
    await server().put('/l/a', 'not told yet');
    await server().put('/l/b', 'not open');
    const other = await server().put('/l/c', 'other');
    expect(await host.next()).toEqual({ event: 'changed', address: 'etcd:///l/c', revision: other });
    await server().delete('/l/a');
    host.send('heard', { names: ['etcd:///l/c'] });
    const again = await server().put('/l/c', 'again');
    expect(await host.next()).toEqual({ event: 'changed', address: 'etcd:///l/c', revision: again });
    host.send('heard', { names: ['etcd:///l/a'] });
    expect(await host.next()).toEqual({ event: 'deleted', address: 'etcd:///l/a', revision: String(Number(again) - 1) });
  });

  it('is told of as unknown where the history is compacted', async () => {
    const read = await server().put('/l/old', 'one');
    await server().put('/l/old', 'two');
    const last = await server().put('/l/old', 'three');
    await compact(server(), last);
    const host = openHost({ endpoints: [server().endpoint] });
    host.send('watch', opened(read, '/l/old'));
    expect(await host.next()).toMatchObject({ event: 'resync', address: 'etcd:///l/old' });
  });

  it('is watched as far as the roles allow, and nothing is said of the rest', async () => {
    const read = await server().put('/l/mine/x', 'one');
    const put = await server().put('/l/mine/y', 'since');
    await enableAuth(server(), [{ type: 'READ', key: '/l/mine/', rangeEnd: '/l/mine0' }]);
    const host = openHost({ endpoints: [server().endpoint], user: ALICE.user, password: ALICE.password });
    const theirs = ['/l/a', '/l/b', '/l/c', '/l/d', '/l/e'];
    host.send('watch', opened(read, '/l/mine/x', '/l/mine/y', ...theirs));
    expect(await host.next()).toEqual({ event: 'changed', address: 'etcd:///l/mine/y', revision: put });
  });
});

onEveryServer('the names of a listing', (server) => {
  const listing = (name: string, revision = '9'.repeat(18)) => ({ name, whole: false, revision });

  /** A host that watches the listing of the prefix, as it was at that revision. */
  function watching(prefix: string, revision: string, settings: object = {}) {
    const host = openHost({ endpoints: [server().endpoint], ...settings });
    host.send('watch', opened(revision, prefix));
    return host;
  }

  it('are told as they are after all that has come and gone', async () => {
    await server().put('/n/kept/1', 'x');
    await server().put('/n/leaves/1', 'x');
    const read = await server().put('/n/old', 'x');
    await server().put('/n/new', 'x');
    await server().put('/n/in/between', 'x');
    await server().delete('/n/in/between');
    await server().put('/n/kept/2', 'x');
    await server().delete('/n/kept/2');
    await server().delete('/n/leaves/1');
    await server().delete('/n/old');
    await server().put('/n/kept/1', 'another value is no other name');
    const last = await server().put('/n/\x01', 'x');
    const host = watching('/n/', read);
    const told = new Map<string, boolean>();
    for (let at = ''; at !== last;) {
      expect(await host.next()).toMatchObject({ event: 'changed', address: 'etcd:///n/' });
      const { revision, come, gone } = (await host.ask('names', listing('etcd:///n/'))) as Record<'come' | 'gone', string[]> & Event;
      for (const name of come) told.set(name, true);
      for (const name of gone) told.set(name, false);
      at = String(revision);
      host.send('heard', { names: ['etcd:///n/'] });
    }
    const names = (there: boolean) => [...told].flatMap(([name, is]) => (is === there ? [name] : [])).sort();
    expect([names(true), names(false)]).toEqual([
      ['%01', 'kept/', 'new'],
      ['in/', 'leaves/', 'old'],
    ]);
    const next = await server().put('/n/other', 'x');
    expect(await host.next()).toEqual({ event: 'changed', address: 'etcd:///n/', revision: next });
    expect(await host.ask('names', listing('etcd:///n/'))).toEqual({ revision: next, come: ['other'], gone: [] });
  });

  it('are read anew if the editor has not taken what it was told', async () => {
    const read = await server().put('/r/a', 'x');
    const host = watching('/r/', read);
    let had = read;
    for (const name of ['b', 'c', 'd']) {
      const revision = await server().put(`/r/${name}`, 'x');
      expect(await host.next()).toMatchObject({ event: 'changed', revision });
      const all = { kind: 'prefix', count: 3 };
      const answer = name === 'c' ? all : { revision, come: [name], gone: [] };
      expect(await host.ask('names', listing('etcd:///r/', had))).toMatchObject(answer);
      host.send('heard', { names: ['etcd:///r/'] });
      // Nobody hears that 'b' has come.
      if (name !== 'b') had = revision;
    }
  });

  it('of all keys are told too', async () => {
    const read = await server().put('/all', 'x');
    const host = watching('/./', read);
    const revision = await server().put('no-slash', 'x');
    expect(await host.next()).toEqual({ event: 'changed', address: 'etcd:///./', revision });
    expect(await host.ask('names', listing('etcd:///./'))).toEqual({ revision, come: ['no-slash'], gone: [] });
  });

  it('are read anew where they are too many, were asked for, or their past is compacted', async () => {
    const read = await server().put('/m/a', 'x');
    const puts = Array.from({ length: 1200 }, (_, i) => ({ request_put: { key: Buffer.from(`/m/b${i}`).toString('base64'), value: '' } }));
    for (let at = 0; at < puts.length; at += 100) await server().post('/v3/kv/txn', { success: puts.slice(at, at + 100) });
    const host = openHost({ endpoints: [server().endpoint] });
    host.send('watch', opened(read, '/m/', '/m/last'));
    await server().put('/m/last', 'x');
    // Whatever is told of it, everything before was heard.
    for (let told: unknown; told !== 'etcd:///m/last';) told = (await host.next())['address'];
    expect(await host.ask('names', listing('etcd:///m/'))).toMatchObject({ kind: 'prefix', count: 1202 });
    expect(await host.ask('names', { ...listing('etcd:///m/'), whole: true })).toMatchObject({ kind: 'prefix', count: 1202 });
    host.send('heard', { names: ['etcd:///m/'] });
    // A prefix with no other known key, at a revision that goes away before it is asked about.
    await server().put('/m/sub/1', 'x');
    await host.next();
    await host.ask('names', { ...listing('etcd:///m/'), whole: true });
    host.send('heard', { names: ['etcd:///m/'] });
    await server().delete('/m/sub/1');
    await host.next();
    await compact(server(), await server().put('/elsewhere', 'x'));
    expect(await host.ask('names', listing('etcd:///m/'))).toMatchObject({ kind: 'prefix', count: 1202 });
  });

  it('are read by the roles where these allow only parts', async () => {
    const read = await server().put('/s/mine/x', 'one');
    await server().put('/s/own1', 'x');
    await server().put('/s/theirs', 'x');
    await enableAuth(server(), [
      { type: 'READ', key: '/s/mine/', rangeEnd: '/s/mine0' },
      { type: 'READ', key: '/s/own', rangeEnd: '/s/owo' },
    ]);
    const host = watching('/s/', read, { user: ALICE.user, password: ALICE.password });
    expect(await host.next()).toMatchObject({ event: 'changed', address: 'etcd:///s/' });
    expect(await host.ask('names', { ...listing('etcd:///s/'), whole: true })).toMatchObject({ kind: 'prefix', count: 2, scoped: true });
  });
});
