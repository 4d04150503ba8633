import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEtcdError, prefixEnd, type Key } from '../../../../src/client/index.js';
import { holdsKey, nameOf, placeOf } from '../../../../src/keyspace/edit/names.js';
import { planEdit, type Edited } from '../../../../src/keyspace/edit/plan.js';
import { childOf } from '../../../../src/keyspace/listing/names.js';
import { openMemory, type Memory } from './memory.js';
import { runs } from '../../../harness/runs.js';

const options = { budget: 1000 };

/** The names below a prefix as an edited listing shows them, numbered from `first` on. */
function baseOf(memory: Memory, prefix: Key, tree: boolean, first: number): string {
  const keys = [...memory.tree().keys()].filter((key) => key.startsWith(prefix)).sort();
  const shown = tree ? keys : [...new Set(keys.map((key) => prefix + childOf(prefix, key)))];
  const names = shown.map((key) => nameOf(prefix, { kind: !tree && key.endsWith('/') && key !== prefix ? 'prefix' : 'key', key }));
  return names.map((name, i) => `${first + i}\t${name}\n`).join('');
}

function edited(memory: Memory, prefix: Key, base: string, text: string): Edited {
  return { address: `etcd://${prefix}?edit`, prefix, base, text, header: { clusterId: '1', revision: memory.revision() } };
}

/** The tree that the texts describe, and whether they describe a key twice. */
function modelOf(before: Map<Key, string>, texts: readonly Edited[]): { tree: Map<Key, string>; twice: boolean } {
  const split = (text: string) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => /^(?:(\d+)\t)?(.*)$/.exec(line) as RegExpExecArray);
  const places = new Map(
    texts.flatMap(({ prefix, base }) => split(base).map(([, number, name = '']) => [number, placeOf(prefix, name, '')])),
  );
  const tree = new Map([...before].filter(([key]) => ![...places.values()].some((place) => holdsKey(place, key))));
  let twice = false;
  const add = (key: Key, value: string): void => {
    twice ||= tree.has(key);
    tree.set(key, value);
  };
  for (const { prefix, text } of texts) {
    for (const [, number, name = ''] of split(text)) {
      const [source, target] = [places.get(number), placeOf(prefix, name, '')];
      if (!source) add(target.key, '');
      else for (const [key, value] of before) if (holdsKey(source, key)) add(target.key + key.slice(source.key.length), value);
    }
  }
  return { tree, twice };
}

const segment = fc.constantFrom('a', 'b', 'c', 'd', '\xc3\xa9', '%', '');
const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'a/b', 'a/e', 'f/g', '../q/a', '%25', '%2F');
const change = fc.record({
  what: fc.constantFrom('keep', 'keep', 'keep', 'rename', 'rename', 'drop', 'copy', 'split', 'new', 'move'),
  name,
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** The text after changes, one on each line, and the lines that were cut from it. */
function rewritten(base: string, changes: readonly Change[]): { text: string; cut: string } {
  let cut = '';
  const lines = base
    .split('\n')
    .slice(0, -1)
    .flatMap((line, i) => {
      const { what, name: fresh } = changes[i % changes.length] as Change;
      const other = line.replace(/\t.*$/, `\t${fresh}${line.endsWith('/') ? '/' : ''}`);
      if (what === 'move') cut += `${line}\n`;
      return {
        keep: [line],
        rename: [other],
        drop: [],
        copy: [line, other],
        split: [other, other.replace('\t', '\tz')],
        new: [line, fresh],
        move: [],
      }[what] as string[];
    });
  return { text: lines.map((line) => `${line}\n`).join(''), cut };
}

describe('the plan of an edited listing', () => {
  it('makes the tree what the text says, and nothing else (600 random edits of two texts)', async () => {
    const refusals = /is there already|stands in|as well|is changed (?:with|by)|a key has at least|ends in \/|does not end|a name begins/;
    let made = 0;
    const tree = fc.uniqueArray(key, { maxLength: 8 });
    const changes = fc.array(change, { minLength: 1, maxLength: 6 });
    const edit = async (p: Key[], q: Key[], isTree: boolean, one: Change[], other: Change[]): Promise<void> => {
      const memory = openMemory([...p.map((k) => `/p/${k}`), ...q.map((k) => `/q/${k}`), '/r'].map((k) => [k, `value of ${k}`]));
      const bases = [baseOf(memory, '/p/', isTree, 1), baseOf(memory, '/q/', !isTree, 100)] as const;
      const [here, there] = [rewritten(bases[0], one), rewritten(bases[1], other)];
      const texts = [edited(memory, '/p/', bases[0], here.text + there.cut), edited(memory, '/q/', bases[1], there.text + here.cut)];
      const before = memory.tree();
      const done = await planEdit(memory.client, { edited: texts }, options).catch((thrown: unknown) => {
        if (!isEtcdError(thrown)) throw thrown;
        expect(thrown.message).toMatch(refusals);
      });
      if (!done) return;
      made++;
      const model = modelOf(
        before,
        done.texts.map((i) => texts[i] as Edited),
      );
      expect(model.twice).toBe(false);
      expect(memory.apply(done.plan)).toBe(true);
      expect(memory.tree()).toEqual(model.tree);
    };
    await fc.assert(fc.asyncProperty(tree, tree, fc.boolean(), changes, changes, edit), { numRuns: runs(600) });
    expect(made).toBeGreaterThan(150);
  });

  describe('of /app/', () => {
    const keys: [Key, string][] = [
      ['/app/db/host', 'h'],
      ['/app/db/port', 'p'],
      ['/app/host', 'x'],
      ['/app/port', 'y'],
      ['/data/x', 'z'],
    ];
    const BASE = '1\tdb/\n2\thost\n3\tport\n';
    const plan = async (memory: Memory, text: string, force = false, at = memory.revision()) => {
      const one = { ...edited(memory, '/app/', BASE, text), header: { clusterId: '1', revision: at } };
      return (await planEdit(memory.client, { edited: [one], force }, options)).plan;
    };

    it('is empty if nothing is meant', async () => {
      expect(await plan(openMemory(keys), BASE)).toEqual({ steps: [] });
    });

    it('says where a value comes from, and takes its lease along', async () => {
      const memory = openMemory(keys);
      memory.put('/app/host', 'leased', '77');
      const { steps, seen } = await plan(memory, BASE.replace('host', 'name'));
      expect(steps).toMatchObject([
        { op: 'put', key: '/app/name', lease: '77', modRevision: '0', from: { key: '/app/host', moved: true } },
        { op: 'delete', key: '/app/host', modRevision: memory.revision(), version: '2' },
      ]);
      expect(seen).toMatchObject({ clusterId: '1' });
    });

    it('deletes a prefix as one, and key by key if something is to be below it', async () => {
      const memory = openMemory(keys);
      const revision = memory.revision();
      const whole = await plan(memory, BASE.replace('1\tdb/\n', ''));
      expect(whole.steps).toEqual([{ op: 'delete range', key: '/app/db/', rangeEnd: prefixEnd('/app/db/'), revision, count: 2 }]);
      const { steps } = await plan(memory, '2\tdb/new\n3\tport');
      expect(steps.map((step) => `${step.op} ${step.key}`)).toEqual([
        'put /app/db/new',
        'delete /app/db/host',
        'delete /app/db/port',
        'delete /app/host',
      ]);
    });

    it('moves a prefix as one, guarded by each of its keys, and says so in one line', async () => {
      const memory = openMemory(keys);
      const revision = memory.revision();
      const one = edited(memory, '/app/', BASE, BASE.replace('db/', 'sql/'));
      const { plan: made, notes } = await planEdit(memory.client, { edited: [one] }, options);
      expect(notes).toEqual(['rename /app/db/ -> /app/sql/: 2 keys']);
      expect(made.guards).toEqual([{ key: '/app/sql/', rangeEnd: prefixEnd('/app/sql/'), revision: '0' }]);
      expect(made.steps).toMatchObject([
        { op: 'put', key: '/app/sql/host', from: { key: '/app/db/host', modRevision: '2' } },
        { op: 'put', key: '/app/sql/port', from: { key: '/app/db/port', modRevision: '3' } },
        { op: 'delete range', key: '/app/db/', revision, count: 2, moved: true },
      ]);
    });

    it.each<[string, string, string]>([
      ['a key that is there elsewhere', BASE.replace('host', '../data/x'), 'line 2: /data/x is there already'],
      ['a prefix that is there elsewhere', BASE.replace('db/', '../data/'), 'line 1: /data/x is there already'],
      ['a key that is there in a prefix', BASE.replace('host', 'db/port'), 'line 2: /app/db/port is there already'],
    ])('goes over %s only by force', async (_, text, why) => {
      const memory = openMemory(keys);
      await expect(plan(memory, text)).rejects.toMatchObject({ code: 'conflict', message: why, subject: { reason: 'exists' } });
      expect(memory.apply(await plan(memory, text, true))).toBe(true);
    });

    it.each<[string, string]>([
      ['a key', BASE.replace('2\thost\n', '')],
      ['a prefix', BASE.replace('1\tdb/\n', '')],
    ])('deletes %s that was changed since only by force', async (_, text) => {
      const memory = openMemory(keys);
      const at = memory.revision();
      memory.put('/app/db/port', 'newer');
      memory.put('/app/host', 'newer');
      await expect(plan(memory, text, false, at)).rejects.toMatchObject({ code: 'conflict', subject: { reason: 'listing_changed' } });
      expect(memory.apply(await plan(memory, text, true, at))).toBe(true);
    });

    it.each(['2\tname\n1\tdb/', '2\thost\n1\tdata2/', '1\tdb/'])('tells by name what is not there any more: %j', async (text) => {
      const memory = openMemory([['/app/port', 'y']]);
      await expect(plan(memory, `${text}\n3\tport`)).rejects.toMatchObject({
        message: expect.stringMatching(/^\/app\/(host|db\/) is not there any more$/) as string,
      });
    });

    it.each<[string, string, string[]]>([
      ['a key', BASE.replace('2\thost\n', ''), ['/app/db/host']],
      ['a prefix', BASE.replace('1\tdb/\n', ''), ['/app/host']],
      ['a key, and renames another', BASE.replace('2\thost\n', '').replace('port', 'name'), ['/app/db/host']],
    ])('deletes %s that is not there any more by force, for which there is nothing to do', async (_, text, others) => {
      const memory = openMemory([...others, '/app/port'].map((key): [Key, string] => [key, 'v']));
      await expect(plan(memory, text)).rejects.toMatchObject({ code: 'conflict', subject: { reason: 'listing_gone' } });
      expect(memory.apply(await plan(memory, text, true))).toBe(true);
      expect([...memory.tree().keys()].sort()).toEqual([...others, text.includes('name') ? '/app/name' : '/app/port'].sort());
    });

    it('deletes a prefix except for what another text moves out of it', async () => {
      const memory = openMemory(keys);
      const outer = `7\tdbhost\n${BASE.replace('1\tdb/\n', '')}`;
      const texts = [edited(memory, '/app/', BASE, outer), edited(memory, '/app/db/', '7\thost\n8\tport\n', '8\tport\n')];
      for (const order of [texts, [...texts].reverse()]) {
        const { plan: made, texts: applied } = await planEdit(memory.client, { edited: order }, options);
        const steps = made.steps.map(({ op, key, ...step }) => `${op} ${key}${'from' in step ? ` from ${step.from.key}` : ''}`);
        expect(steps).toEqual(['put /app/dbhost from /app/db/host', 'delete /app/db/host', 'delete /app/db/port']);
        expect(applied).toEqual([0, 1]);
      }
    });

    it.each<[string, string, string]>([
      ['8\tport\n7\tname\n', `8\tport8\n${BASE.replace('db/', 'd/')}`, '/app/db/host is changed with /app/db/, and with /app/db/host too'],
    ])('says by what a key is changed that two texts change: %j', async (inner, outer, why) => {
      const memory = openMemory(keys);
      const texts = [edited(memory, '/app/', BASE, outer), edited(memory, '/app/db/', '7\thost\n8\tport\n', inner)];
      await expect(planEdit(memory.client, { edited: texts }, options)).rejects.toMatchObject({
        code: 'invalid_address',
        message: expect.stringContaining(why) as string,
      });
    });

    it('does nothing once a key has changed', async () => {
      const memory = openMemory(keys);
      const made = await plan(memory, '1\tdata2/\n3\thost\n2\tport');
      memory.put('/app/db/host', 'theirs');
      expect(memory.apply(made)).toBe(false);
    });
  });
});
