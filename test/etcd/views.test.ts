/** Values in another form, written through the host on real servers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createJournal } from '../../src/host/journal.js';
import { createListings } from '../../src/host/listings.js';
import { open } from '../../src/host/methods/open.js';
import type { Host, RequestOptions } from '../../src/host/methods/method.js';
import { put } from '../../src/host/put.js';
import { openSession, type Session } from '../../src/host/session.js';
import type { Opened, PutBase } from '../../src/host/protocol.js';
import { onEveryServer } from './servers.js';

const options: RequestOptions = { budget: 5000, allow: () => options, unsent: () => undefined };

onEveryServer('views', (server) => {
  let session: Session;
  let serial = 0;
  beforeEach(() => {
    session = openSession(() => undefined);
    session.setDirectory(`${process.pid}-views`);
    session.configure(() => ({ profiles: { '': { endpoints: [server().endpoint] } }, validate: {}, pretty: ['/pretty/'] }));
  });
  afterEach(() => {
    session.close();
  });

  async function read(name: string): Promise<{ opened: Opened; text: string }> {
    const host = { session, listings: createListings(session), journal: createJournal() } as unknown as Host;
    const opened = (await open.run({ name }, host, options)) as Opened;
    return { opened, text: readFileSync(opened.file, 'latin1') };
  }

  function write(name: string, text: string, base?: PutBase, more: { force?: boolean; append?: boolean } = {}) {
    const file = join(session.bodies().dir, `w${++serial}`);
    writeFileSync(file, text, 'latin1');
    return put(session, createListings(session), { name, file, ...(base && { base }), ...more }, options);
  }

  const stored = async (key: string) => (await server().get(key))?.value.toString('latin1');

  it('writes what was changed and no other byte, and sends nothing for the text that was read', async () => {
    await server().put('/j', '{"ttl": 30,"big":12345678901234567890}\n');
    const { opened, text } = await read('etcd:/j?as=json');
    expect(text).toBe('{\n  "ttl": 30,\n  "big": 12345678901234567890\n}\n');
    expect(await write(opened.address, text, opened)).toMatchObject({ unchanged: true });
    const done = await write(opened.address, text.replace('30', '20'), opened);
    expect(done).toMatchObject({ unchanged: false, address: 'etcd:///j?as=json' });
    expect(await stored('/j')).toBe('{"ttl": 20,"big":12345678901234567890}\n');
    expect(await write(opened.address, text.replace('30', '20'), done)).toMatchObject({ unchanged: true });
  });

  it('never writes over a change made since; for unchanged text it tells of it', async () => {
    await server().put('/c', '{"a":1}');
    const { opened, text } = await read('etcd:/c?as=json');
    const now = await server().put('/c', '{"a": 2}');
    await expect(write(opened.address, text.replace('1', '3'), opened)).rejects.toMatchObject({ code: 'conflict' });
    expect(await write(opened.address, text, opened)).toMatchObject({ unchanged: true, now_revision: now });
    expect(await stored('/c')).toBe('{"a": 2}');
    await write(opened.address, text.replace('1', '3'), opened, { force: true });
    expect(await stored('/c')).toBe('{"a":3}');
  });

  it('keeps the style of what was read also where that is compacted, and refuses the conflict', async () => {
    await server().put('/k', '{"a":1}');
    const { opened, text } = await read('etcd:/k?as=json');
    const revision = await server().put('/k', '[ 1 ]');
    await server().post('/v3/kv/compaction', { revision, physical: true });
    await expect(write(opened.address, text, opened)).rejects.toMatchObject({ code: 'conflict' });
    expect(await stored('/k')).toBe('[ 1 ]');
  });

  it.each([
    ['hex', '\xff\0', '00000000: ff 00 7b'],
    ['base64', '/wA', '\xff\0{'],
    ['gzip', gzipSync('\xff\0').toString('latin1'), '\xff\0{'],
  ])('%s is shown, and the bytes that the text stands for are written', async (as, value, changed) => {
    await server().put(`/b/${as}`, Buffer.from(value, 'latin1'));
    const { opened } = await read(`etcd:/b/${as}?as=${as}`);
    await write(opened.address, changed, opened);
    const now = (await server().get(`/b/${as}`))?.value ?? Buffer.alloc(0);
    expect(as === 'hex' ? now.toString('latin1') : as === 'gzip' ? gunzipSync(now).toString() : now.toString()).toBe(
      { hex: '\xff\0{', base64: '/wB7', gzip: Buffer.from('\xff\0{', 'latin1').toString() }[as],
    );
  });

  it('zstd is shown and written if Node can, and else says which Node can', async () => {
    await server().put('/z', Buffer.from('28b52ffd24094900006f6c6420746578740a3cc84043', 'hex'));
    const can = 'zstdCompressSync' in zlib;
    const why = { code: 'unsupported', message: expect.stringContaining(`Node ${process.versions.node} cannot`) as string };
    if (!can) return expect(read('etcd:/z?as=zstd')).rejects.toMatchObject({ ...why, hint: expect.stringContaining('22.15') as string });
    const { opened, text } = await read('etcd:/z?as=zstd');
    expect(text).toBe('old text\n');
    await write(opened.address, 'new text\n', opened);
    expect((await read('etcd:/z?as=zstd')).text).toBe('new text\n');
  });

  it('refuses text that stands for nothing, with its place, and what cannot be shown or added to', async () => {
    await server().put('/r', '{"a":1}');
    const { opened } = await read('etcd:/r?as=json');
    await expect(write(opened.address, '{\n  "a": 1,\n}\n', opened, { force: true })).rejects.toMatchObject({
      code: 'invalid_value',
      place: { line: 3, column: 1 },
    });
    await expect(read('etcd:/r?as=gzip')).rejects.toMatchObject({ code: 'invalid_value' });
    await expect(write('etcd:/r?as=hex', '00', undefined, { append: true })).rejects.toMatchObject({ code: 'invalid_address' });
    expect(await stored('/r')).toBe('{"a":1}');
  });

  it('opens JSON of one line indented where the settings say so, and as it is where that is asked for', async () => {
    await server().put('/pretty/j', '{"a":1}');
    await server().put('/pretty/t', 'text');
    await server().put('/plain', '{"a":1}');
    const address = async (name: string) => (await read(name)).opened.address;
    expect(await address('etcd:/pretty/j')).toBe('etcd:///pretty/j?as=json');
    expect(await address('etcd:/pretty/j?as=text')).toBe('etcd:///pretty/j?as=text');
    expect(await address('etcd:/pretty/t')).toBe('etcd:///pretty/t');
    expect(await address('etcd:/plain')).toBe('etcd:///plain');
    expect(await address('etcd:/plain?as=text')).toBe('etcd:///plain');
  });
});
