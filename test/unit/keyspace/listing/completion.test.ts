import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf } from '../../../../src/client/index.js';
import { completeAddress } from '../../../../src/keyspace/listing/completion.js';
import { parseAddress } from '../../../../src/keyspace/address.js';
import { listLevel, type LevelRequest } from '../../../../src/keyspace/listing/level.js';
import { modelOf } from '../../../harness/listing/model.js';

const options = { budget: 1000 };
const set = ['/app/db/host', '/app/db/port', '/app/debug', '/app/é b', '/app/..', 'by-dev/x', '/apisix/routes/'].map(keyOf);
const list = (_: string, request: LevelRequest) => listLevel(modelOf(set).client, request, options);
const complete = (text: string, max = 100) => completeAddress(text, ['staging', 'prod'], list, max);

describe('completion', () => {
  it.each([
    ['etcd:/app/d', 'etcd:/app/', ['db/', 'debug']],
    ['etcd:///app/d', 'etcd:///app/', ['db/', 'debug']],
    ['etcd:/a', 'etcd:/', ['apisix/', 'app/']],
    ['etcd:', 'etcd:', ['/', 'by-dev/']],
    ['etcd:by', 'etcd:', ['by-dev/']],
    ['etcd:/./', 'etcd:/./', ['by-dev/']],
    ['etcd://', 'etcd://', ['/', 'staging/', 'prod/']],
    ['etcd://st', 'etcd://', ['staging/']],
    ['etcd://staging/app/db/h', 'etcd://staging/app/db/', ['host']],
    ['etcd:/app/é', 'etcd:/app/', ['é%20b']],
    ['etcd:/app/%C3%A9', 'etcd:/app/', ['%C3%A9%20b']],
    ['etcd:/app/.', 'etcd:/app/', ['.%2E']],
    ['etcd:/apisix/routes/', 'etcd:/apisix/routes/', []],
    ['etcd:/nothing', 'etcd:/', []],
  ])('%s', async (text, stem, names) => {
    expect(await complete(text)).toEqual({ stem, names, more: false });
  });

  it('of an address of the past goes on before its revision, with what was there', async () => {
    const asked: LevelRequest[] = [];
    const past = (profile: string, request: LevelRequest) => {
      asked.push(request);
      return list(profile, { ...request, revision: undefined } as unknown as LevelRequest);
    };
    const found = await completeAddress('etcd:/app/d?rev=7', [], past, 100);
    expect(found).toEqual({ stem: 'etcd:/app/', names: ['db/?rev=7', 'debug?rev=7'], more: false });
    expect(asked).toMatchObject([{ prefix: '/app/', partial: 'd', revision: '7' }]);
  });

  it('offers only what continues the text, and every offer is an address of a key or prefix that is there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 6, max: 18 }), async (length) => {
        for (const key of ['etcd:/app/db/host', 'etcd:/app/é%20b', 'etcd:/app/debug']) {
          const text = key.slice(0, length);
          const { stem, names } = await complete(text);
          for (const name of names) {
            expect(stem + name).toSatisfy((offer: string) => offer.startsWith(text));
            expect(set.some((known) => known.startsWith(parseAddress(stem + name).key))).toBe(true);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('says that there are more than it was asked for', async () => {
    expect(await complete('etcd:/app/d', 1)).toMatchObject({ more: true, names: ['db/'] });
  });

  it('asks the profile that short forms mean', async () => {
    const asked: string[] = [];
    const asking: typeof list = (profile, request) => (asked.push(profile), list(profile, request));
    const found = await completeAddress('etcd:/app/d', [], asking, 100, 'staging');
    expect(found).toMatchObject({ stem: 'etcd:/app/', names: ['db/', 'debug'] });
    await completeAddress('etcd:///app/d', [], asking, 100, 'staging');
    expect(asked).toEqual(['staging', '']);
  });
});
