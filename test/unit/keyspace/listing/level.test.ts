import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EtcdError, type Client, type Key } from '../../../../src/client/index.js';
import { listLevel } from '../../../../src/keyspace/listing/level.js';
import { modelOf, namesByDefinition } from '../../../harness/listing/model.js';

const options = { budget: 1000 };
const parts = fc.constantFrom('/', 'a', 'b', '-', '0', '7', '.', '\x00', '\xff', '//', '\xc3\xa4', 'a'.repeat(40), '12');
const key = fc.array(parts, { minLength: 1, maxLength: 7 }).map((all) => all.join(''));
const prefixes = fc.constantFrom('', '/', 'a/', '//', '\xff', '\xff\xff/', 'a/b/', '7/');

/** So many keys that one answer does not hold them: some with few children, some with many, some with nothing below. */
const crowds = fc
  .array(fc.tuple(key, fc.constantFrom(1, 3, 40, 700, 1500), fc.constantFrom('/', '', '-', '/x/')), { minLength: 1, maxLength: 8 })
  .map((all) => all.flatMap(([stem, count, joint]) => Array.from({ length: count }, (_, i) => `${stem}${joint}${i}`)));

const flat = Array.from({ length: 2500 }, (_, i) => `/k${10_000 + i}`);
const deep = flat.flatMap((stem) => [0, 1, 2].map((i) => `${stem}/${i}`));

describe('listing', () => {
  it('is what looking at every key gives, on random and adversarial key spaces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(key, { maxLength: 60 }), prefixes, fc.constantFrom('', 'a', '/', '\xff'), async (keys, prefix, partial) => {
        const level = await listLevel(modelOf(keys).client, { prefix, partial }, options);
        expect(level.names).toEqual(namesByDefinition(keys, prefix, partial));
      }),
      { numRuns: 2000 },
    );
  });

  it('is that for thousands of keys, with a front of final names, and again with hints, whatever has changed since', async () => {
    await fc.assert(
      fc.asyncProperty(crowds, crowds, prefixes, async (before, added, prefix) => {
        const front: Key[] = [];
        const level = await listLevel(modelOf(before).client, { prefix, onFront: (names) => front.push(...names) }, options);
        expect(level.names).toEqual(namesByDefinition(before, prefix));
        expect(front).toEqual(level.names);
        const changed = [...before.filter((_, i) => i % 3 !== 0), ...added];
        for (const keys of [before, changed]) {
          const again = await listLevel(modelOf(keys).client, { prefix, ...(level.hints && { hints: level.hints }) }, options);
          expect(again.names).toEqual(namesByDefinition(keys, prefix));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('ends also where a child is called by the byte that means the end, and hints are of a time before others came', async () => {
    const { hints } = await listLevel(modelOf([...deep, '\0/0']).client, { prefix: '' }, options);
    expect(hints?.firstKeys[0]).toBe('\0/0');
    const keys = [...deep, '\0/0', ...Array.from({ length: 1500 }, (_, i) => `\0.${i}`)];
    const level = await listLevel(modelOf(keys).client, { prefix: '', ...(hints && { hints }) }, options);
    expect(level.names).toEqual(namesByDefinition(keys, ''));
  });

  it('takes the first names from the left, and says whether there are more', async () => {
    await fc.assert(
      fc.asyncProperty(crowds, prefixes, fc.constantFrom(1, 5, 60, 2000), async (keys, prefix, max) => {
        const names = namesByDefinition(keys, prefix);
        const level = await listLevel(modelOf(keys).client, { prefix, max }, options);
        expect(level.names).toEqual(names.slice(0, max));
        expect(level.more).toBe(names.length > max);
      }),
      { numRuns: 300 },
    );
  });

  it('needs one request for the first thousand of many names, and to say that there are more', async () => {
    const model = modelOf(flat);
    const level = await listLevel(model.client, { prefix: '/', max: 1000 }, options);
    expect([level.names.length, level.more]).toEqual([1000, true]);
    expect(model.counts).toMatchObject({ requests: 1, returned: 1001 });
  });

  it('needs one request where there are a thousand keys at the most', async () => {
    const model = modelOf(flat.slice(0, 1000));
    await listLevel(model.client, { prefix: '/' }, options);
    expect(model.counts).toMatchObject({ requests: 1, returned: 1000 });
  });

  it('with hints walks over nothing', async () => {
    const keys = Array.from({ length: 40 }, (_, i) => Array.from({ length: 500 }, (__, j) => `/d${i * 7}/${1000 + j}`)).flat();
    const { hints, names } = await listLevel(modelOf(keys).client, { prefix: '/' }, options);
    const model = modelOf(keys);
    const again = await listLevel(model.client, { prefix: '/', ...(hints && { hints }) }, options);
    expect(again).toMatchObject({ names, hints });
    expect(model.counts).toEqual({ requests: 1, operations: 41, walked: 40, returned: 40 });
  });

  it('reads everything at the revision of the first answer', async () => {
    const model = modelOf(deep);
    const revisions: (string | undefined)[] = [];
    const { rangeMany, scan } = model.client;
    const client: Client = {
      ...model.client,
      rangeMany: (many, o) => (revisions.push(...many.map(({ revision }) => revision)), rangeMany(many, o)),
      scan: (one, onKey, o) => (revisions.push(one.revision), scan(one, onKey, o)),
    };
    await listLevel(client, { prefix: '/' }, options);
    expect(revisions.length).toBeGreaterThan(1);
    expect(revisions).toEqual([undefined, ...revisions.slice(1).map(() => '10')]);
  });

  it('begins again when compaction overtakes it, takes its front back, and gives up after a few times', async () => {
    const model = modelOf(deep);
    const compactedTimes = (times: number): Client => {
      const check = (revision: string | undefined): void => {
        if (revision !== undefined && times-- > 0) throw new EtcdError('compacted', 'required revision has been compacted');
      };
      return {
        ...model.client,
        rangeMany: async (many, o) => (check(many[0]?.revision), model.client.rangeMany(many, o)),
        scan: async (one, onKey, o) => (check(one.revision), model.client.scan(one, onKey, o)),
      };
    };
    const heard: string[] = [];
    const listen = { onFront: () => heard.push('front'), onRestart: () => heard.push('restart') };
    expect((await listLevel(compactedTimes(2), { prefix: '/', ...listen }, options)).names).toHaveLength(2500);
    expect(heard).toEqual(['front', 'restart']);
    await expect(listLevel(compactedTimes(99), { prefix: '/' }, options)).rejects.toMatchObject({ code: 'compacted' });
  });

  it('asks the leader where a member does not have the revision yet, and less at once where the server wants it so', async () => {
    const model = modelOf(
      Array.from({ length: 300 }, (_, i) => Array.from({ length: 200 }, (__, j) => `/w${(i * 7919) % 10_007}/${j}`)).flat(),
    );
    const { rangeMany } = model.client;
    const largest: number[] = [];
    const client: Client = {
      ...model.client,
      async rangeMany(many, o) {
        if (many.some(({ serializable }) => serializable)) throw new EtcdError('future_revision', 'required revision is a future revision');
        if (many.length > 16) throw new EtcdError('too_many_ops', 'too many operations in txn request');
        largest.push(many.length);
        return rangeMany(many, o);
      },
    };
    const level = await listLevel(client, { prefix: '/' }, options);
    expect(level.names).toHaveLength(300);
    expect(Math.max(...largest)).toBeLessThanOrEqual(16);
  });
});
