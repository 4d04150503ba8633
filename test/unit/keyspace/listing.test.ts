import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EtcdError } from '../../../src/etcd/index.js';
import { listLevel } from '../../../src/keyspace/listing.js';
import { modelOf, namesByDefinition } from '../../harness/model.js';

const options = { budget: 1000 };
const alphabet = fc.constantFrom('/', 'a', 'b', '-', '0', '.', '\x00', '\xff', '//');
const keys = fc.array(
  fc.array(alphabet, { minLength: 1, maxLength: 7 }).map((parts) => parts.join('')),
  { maxLength: 60 },
);

describe('listing', () => {
  it('is what looking at every key gives, on random and adversarial key spaces', async () => {
    const prefixes = fc.constantFrom('', '/', 'a/', '//', '\xff', '\xff\xff/', 'a/b/');
    await fc.assert(
      fc.asyncProperty(keys, prefixes, fc.constantFrom('', 'a', '/', '\xff'), async (set, prefix, partial) => {
        const level = await listLevel(modelOf(set).client, { prefix, partial }, options);
        expect(level.names).toEqual(namesByDefinition(set, prefix, partial));
      }),
      { numRuns: 3000 },
    );
  });

  it('pages through thousands of children, and skips what lies below a prefix', async () => {
    const flat = Array.from({ length: 5000 }, (_, i) => `/d/k${String(i).padStart(5, '0')}`);
    const deep = Array.from({ length: 4000 }, (_, i) => `/d/k00500/${i}`);
    const set = [...flat, ...deep, '/d/k00500-x'];
    const model = modelOf(set);
    const level = await listLevel(model.client, { prefix: '/d/' }, options);
    expect(level.names).toEqual(namesByDefinition(set, '/d/'));
    expect(model.requests).toBeLessThan(8);
  });

  it('stops at max names and says that there are more', async () => {
    const set = Array.from({ length: 50 }, (_, i) => `/k${10 + i}`);
    expect(await listLevel(modelOf(set).client, { prefix: '/', max: 5 }, options)).toMatchObject({ more: true, names: { length: 5 } });
    expect(await listLevel(modelOf(set).client, { prefix: '/', max: 50 }, options)).toMatchObject({ more: false, names: { length: 50 } });
  });

  it('reads every page at the revision of the first', async () => {
    const model = modelOf(Array.from({ length: 2500 }, (_, i) => `/k${10_000 + i}`));
    const revisions: (string | undefined)[] = [];
    const range = model.client.range.bind(model.client);
    await listLevel({ ...model.client, range: (r, o) => (revisions.push(r.revision), range(r, o)) }, { prefix: '/' }, options);
    expect(revisions.length).toBeGreaterThan(1);
    expect(revisions).toEqual([undefined, ...revisions.slice(1).map(() => '10')]);
  });

  it('begins again when compaction overtakes it, and gives up after a few times', async () => {
    const model = modelOf(Array.from({ length: 2500 }, (_, i) => `/k${10_000 + i}`));
    const range = model.client.range.bind(model.client);
    const compactedTimes = (times: number) => ({
      ...model.client,
      range: (r: Parameters<typeof range>[0], o: Parameters<typeof range>[1]) => {
        if (r.revision !== undefined && times-- > 0) throw new EtcdError('compacted', 'required revision has been compacted');
        return range(r, o);
      },
    });
    expect((await listLevel(compactedTimes(2), { prefix: '/' }, options)).names).toHaveLength(2500);
    await expect(listLevel(compactedTimes(99), { prefix: '/' }, options)).rejects.toMatchObject({ code: 'compacted' });
  });
});
