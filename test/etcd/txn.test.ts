/** What the servers accept as one txn: deletes, ranges that are compared, nested txns, leases. */
import { describe, expect, it } from 'vitest';
import { EtcdError, prefixEnd, type Client, type Compare, type Key, type Operation } from '../../src/client/index.js';
import { createClient } from '../harness/client.js';
import { startRelay } from '../harness/relay.js';
import { onEveryServer, options } from './servers.js';

const value = Buffer.from('new');
const put = (key: Key): Operation => ({ op: 'put', key, value });
const below = (prefix: Key) => ({ key: prefix, rangeEnd: prefixEnd(prefix) });
/** No key below `prefix` is newer than what was read at `revision`. */
const notNewer = (prefix: Key, revision: string): Compare => ({
  ...below(prefix),
  ...{ target: 'MOD', result: 'LESS', modRevision: String(BigInt(revision) + 1n) },
});

onEveryServer('a txn', (server, client) => {
  const stored = async (key: string): Promise<string | undefined> => (await server().get(key))?.value.toString();
  const write = async (key: string, text = 'old', lease?: string) => server().put(key, text, lease);

  it('deletes a key that is what it was, and only that', async () => {
    const first = await write('/delete/x');
    const deleting = (modRevision: string) =>
      client().txn(
        {
          compare: [{ key: '/delete/x', target: 'MOD', modRevision }],
          then: [{ op: 'delete', key: '/delete/x' }],
          else: [{ op: 'range', key: '/delete/x' }],
        },
        options,
      );
    const second = await write('/delete/x');
    const lost = await deleting(first);
    expect(lost).toMatchObject({ succeeded: false, answers: [{ op: 'range', kvs: [{ modRevision: second }] }] });
    expect(await deleting(second)).toMatchObject({ succeeded: true, uncertain: false, answers: [{ op: 'delete', deleted: 1 }] });
    expect(await stored('/delete/x')).toBeUndefined();
  });

  it('deletes everything below a prefix, or nothing if a key is newer than what was read', async () => {
    await write('/range/a');
    const revision = await write('/range/b');
    await write('/range0');
    const deleting = (since: string) =>
      client().txn({ compare: [notNewer('/range/', since)], then: [{ op: 'delete', ...below('/range/') }] }, options);
    const newer = await write('/range/c');
    expect(await deleting(revision)).toMatchObject({ succeeded: false, answers: [] });
    expect(await stored('/range/a')).toBe('old');
    expect(await deleting(newer)).toMatchObject({ succeeded: true, answers: [{ op: 'delete', deleted: 3 }] });
    expect([await stored('/range/a'), await stored('/range0')]).toEqual([undefined, 'old']);
    // An empty range is not newer than anything.
    expect(await deleting(newer)).toMatchObject({ succeeded: true, answers: [{ op: 'delete', deleted: 0 }] });
  });

  it('holds a prefix to be empty by one compare', async () => {
    const absent: Compare = { ...below('/empty/'), target: 'CREATE', createRevision: '0' };
    const create = (key: Key) => client().txn({ compare: [absent], then: [put(key)] }, options);
    expect(await create('/empty/x')).toMatchObject({ succeeded: true });
    expect(await create('/empty/y')).toMatchObject({ succeeded: false });
    expect(await stored('/empty/y')).toBeUndefined();
  });

  it('compares the value, the version and the lease', async () => {
    const lease = await server().grantLease(600);
    await write('/compare/x', 'text', lease);
    const key = '/compare/x';
    const holds = async (compare: Compare) => (await client().txn({ compare: [compare], then: [{ op: 'range', key }] }, options)).succeeded;
    expect(await holds({ key, target: 'VALUE', value: Buffer.from('text') })).toBe(true);
    expect(await holds({ key, target: 'VALUE', value })).toBe(false);
    expect(await holds({ key, target: 'VALUE', value, result: 'NOT_EQUAL' })).toBe(true);
    expect(await holds({ key, target: 'VERSION', version: '1' })).toBe(true);
    expect(await holds({ key, target: 'VERSION', version: '1', result: 'GREATER' })).toBe(false);
    expect(await holds({ key, target: 'LEASE', lease })).toBe(true);
    expect(await holds({ key, target: 'LEASE', lease: '0' })).toBe(false);
  });

  it('attaches a lease, keeps it, or takes it off', async () => {
    const lease = await server().grantLease(600);
    const key = '/lease/x';
    const leaseAfter = async (operation: Operation) => {
      await client().txn({ then: [operation] }, options);
      return (await server().get(key))?.lease;
    };
    expect(await leaseAfter({ op: 'put', key, value, lease })).toBe(lease);
    expect(await leaseAfter({ op: 'put', key, value, ignoreLease: true })).toBe(lease);
    expect(await leaseAfter({ op: 'put', key, value })).toBe('0');
  });

  it('takes the branch of each nested txn, all at one revision', async () => {
    await write('/nested/there');
    const createUnlessThere = (key: Key): Operation => ({
      op: 'txn',
      compare: [{ key, target: 'CREATE', createRevision: '0' }],
      then: [put(key)],
      else: [{ op: 'range', key, keysOnly: true }],
    });
    const then = [createUnlessThere('/nested/there'), createUnlessThere('/nested/not'), put('/nested/too')];
    const done = await client().txn({ then }, options);
    expect(done.answers).toMatchObject([
      { op: 'txn', succeeded: false, answers: [{ op: 'range', kvs: [{ key: '/nested/there' }] }] },
      { op: 'txn', succeeded: true, answers: [{ op: 'put' }] },
      { op: 'put' },
    ]);
    for (const key of ['/nested/not', '/nested/too']) {
      expect(await server().get(key)).toMatchObject({ modRevision: done.header.revision });
    }
  });

  it('holds 4096 puts in 64 nested txns, and is refused one more', async () => {
    const nested = (size: number): Operation[] =>
      Array.from({ length: 64 }, (_, i) => ({
        op: 'txn',
        then: Array.from({ length: size }, (_each, j) => put(`/many/${i}/${j}`)),
      }));
    await client().txn({ then: nested(64) }, options);
    expect(await client().range({ ...below('/many/'), countOnly: true }, options)).toMatchObject({ count: 4096 });
    await expect(client().txn({ then: nested(65) }, options)).rejects.toMatchObject({ code: 'too_many_ops', indefinite: false });
  });

  it('is refused a key twice, and a lease or a key that is not there', async () => {
    const refused = async (...then: Operation[]): Promise<unknown> => {
      const thrown: unknown = await client()
        .txn({ then }, options)
        .catch((error: unknown) => error);
      return thrown instanceof EtcdError ? thrown.code : thrown;
    };
    expect(await refused(put('/twice'), put('/twice'))).toBe('invalid_value');
    expect(await refused(put('/gone'), { op: 'put', key: '/leaseless', value, lease: '42' })).toBe('lease_not_found');
    expect(await refused({ op: 'put', key: '/gone', value, ignoreLease: true })).toBe('not_found');
    expect(await stored('/gone')).toBeUndefined();
  });

  describe('whose answer is lost', () => {
    /** Through a relay that loses the answer to the first txn, and counts all txns. */
    async function losing<T>(body: (client: Client, asked: () => number) => Promise<T>): Promise<T> {
      const relay = await startRelay(server().endpoint);
      const cut = createClient({ endpoints: [relay.endpoint] });
      let txns = 0;
      relay.onRequest = (piece, wire) => {
        if (!piece.includes('/v3/kv/txn') || ++txns > 1) return;
        wire.silence();
        void wire.answered.then(() => wire.cut());
      };
      try {
        return await body(cut, () => txns);
      } finally {
        await cut.close();
        relay.close();
      }
    }

    it('is sent again if it compares, and says that its loss may be its own doing', async () => {
      const modRevision = await write('/lost/x');
      const compare: Compare[] = [{ key: '/lost/x', target: 'MOD', modRevision }];
      const answer = await losing(async (cut) =>
        cut.txn({ compare, then: [put('/lost/x')], else: [{ op: 'range', key: '/lost/x' }] }, options),
      );
      expect(answer).toMatchObject({ succeeded: false, uncertain: true, answers: [{ kvs: [{ value }] }] });
      expect(await server().get('/lost/x')).toMatchObject({ version: '2' });
    });

    it('is not sent again if it compares nothing, and is unknown', async () => {
      await losing(async (cut, asked) => {
        await expect(cut.txn({ then: [put('/lost/once')] }, options)).rejects.toMatchObject({ code: 'outcome_unknown' });
        expect(asked()).toBe(1);
      });
      expect(await server().get('/lost/once')).toMatchObject({ version: '1' });
    });
  });

  it('is refused by another cluster than the one that it was decided on', async () => {
    const { header } = await client().range({ key: '/foreign' }, options);
    const seen = { clusterId: '42', revision: header.revision };
    for (const compare of [[notNewer('/foreign', header.revision)], []]) {
      const attempt = client().txn({ compare, then: [put('/foreign')], seen }, options);
      await expect(attempt).rejects.toMatchObject({ code: 'cluster_changed', indefinite: false });
    }
    expect(await stored('/foreign')).toBeUndefined();
  });
});
