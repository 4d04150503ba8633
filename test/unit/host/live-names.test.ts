/** Which names of a listing come and go, compared with a listing that is read anew after each event. */
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hearNames } from '../../../src/host/live/names.js';
import { createTold, type Change } from '../../../src/host/live/told.js';
import { childOf } from '../../../src/keyspace/listing/names.js';

const event = (type: 'put' | 'delete', key: string, modRevision = '9', version = '1') => ({
  type,
  kv: { key, value: Buffer.alloc(0), createRevision: '1', modRevision, version, lease: '0' },
});

const aKey = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 3 }).map((rest) => `/p/${rest}`);
/** A put, a delete, or the editor takes what there is. */
const aStep = fc.record({ key: aKey, does: fc.constantFrom('put', 'delete', 'take') });

describe('the names of a listing', () => {
  it('are what a listing would be, whatever comes and goes in whatever order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(aKey), fc.array(aStep, { maxLength: 40 }), (before, steps) => {
        const keys = new Set(before);
        const level = () => new Set([...keys].map((key) => childOf('/p/', key)));
        const shown = level();
        const heard = hearNames('/p/');
        for (const { key, does } of [...steps, { key: '', does: 'take' }]) {
          if (does === 'put' && !keys.has(key)) heard.hear(event('put', key));
          if (does === 'put') keys.add(key);
          if (does === 'delete' && keys.delete(key)) heard.hear(event('delete', key));
          if (does !== 'take') continue;
          const { there, gone, doubtful } = heard.take() ?? expect.unreachable();
          there.forEach((name) => shown.add(name));
          gone.forEach((name) => shown.delete(name));
          for (const name of doubtful) {
            const first = [...keys].sort().find((it) => it.startsWith(`/p/${name}`));
            if (first === undefined) {
              shown.delete(name);
              continue;
            }
            // It can have come since the last time, together with another key that is now gone.
            shown.add(name);
            heard.found(first);
          }
          expect([...shown].sort()).toEqual([...level()].sort());
        }
      }),
    );
  });

  it('are not known after the editor has read further than what was heard', () => {
    const told = createTold(() => undefined);
    const open = { address: 'etcd:///p/', kind: 'names' as const, span: { start: '/p/', end: '/p0' }, prefix: '/p/', at: '5' };
    told.set([open]);
    told.hear(event('put', '/p/a/1', '6'));
    expect(told.listed(open.address)?.names.take()?.there).toEqual(['a/']);
    // It was read at 9. A delete at 8 that comes later is not heard, and another key of the prefix may be gone because of it.
    told.set([{ ...open, at: '9' }]);
    expect(told.listed(open.address)?.names.take()).toBeUndefined();
  });

  it('need no question while another key of the prefix is known', () => {
    const heard = hearNames('/p/');
    heard.hear(event('put', '/p/a/1'));
    heard.take();
    heard.hear(event('put', '/p/a/2'));
    heard.hear(event('delete', '/p/a/1'));
    expect(heard.take()).toEqual({ there: ['a/'], gone: [], doubtful: [] });
    heard.hear(event('delete', '/p/a/2'));
    expect(heard.take()).toEqual({ there: [], gone: [], doubtful: ['a/'] });
    // It was found, and was gone again before that was known.
    heard.hear(event('delete', '/p/a/3'));
    heard.found('/p/a/3');
    expect(heard.take()).toEqual({ there: [], gone: [], doubtful: ['a/'] });
  });

  it('are not known once they are too many, and known again from then on', () => {
    const heard = hearNames('/p/');
    for (let i = 0; i < 1001; i++) heard.hear(event('put', `/p/${i}`));
    expect(heard.take()).toBeUndefined();
    heard.hear(event('delete', '/p/7'));
    expect(heard.take()).toEqual({ there: [], gone: ['7'], doubtful: [] });
  });
});

describe('a listing that is open', () => {
  afterEach(() => vi.useRealTimers());

  function openListing() {
    const sent: Change[] = [];
    const told = createTold((change) => sent.push(change));
    told.set([{ address: 'etcd:///p/', kind: 'names', span: { start: '/p/', end: '/p0' }, prefix: '/p/', at: '5' }]);
    const listed = () => told.listed('etcd:///p/') ?? expect.unreachable();
    return { told, sent, listed };
  }

  it('hears of all names that one txn has changed', () => {
    const { told, sent, listed } = openListing();
    told.hear(event('put', '/p/a', '6'));
    told.hear(event('put', '/p/b', '6'));
    expect(sent).toEqual([{ event: 'changed', address: 'etcd:///p/', revision: '6' }]);
    expect(listed().at).toBe('6');
    expect(listed().names.take()?.there).toEqual(['a', 'b']);
    listed().give('6', 1);
    told.hear(event('put', '/p/c', '6'));
    expect(listed().names.take()?.there).toEqual([]);
  });

  it('hears of a thousand changes a second some ten times', async () => {
    vi.useFakeTimers();
    const { told, sent, listed } = openListing();
    for (let ms = 0; ms < 1000; ms++) {
      told.hear(event('put', `/p/${ms % 50}`, String(6 + ms)));
      listed().give(String(6 + ms), 0);
      told.heard('etcd:///p/');
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(sent.length).toBeGreaterThan(5);
    expect(sent.length).toBeLessThanOrEqual(11);
  });

  it('is asked to try again where it could not be told, later and later', async () => {
    vi.useFakeTimers();
    const { told, sent, listed } = openListing();
    told.hear(event('put', '/p/a', '6'));
    for (const ms of [1000, 2000]) {
      listed().fail(true);
      told.heard('etcd:///p/');
      await vi.advanceTimersByTimeAsync(ms - 1);
      expect(sent).toHaveLength(ms / 1000);
      await vi.advanceTimersByTimeAsync(1);
      expect(sent.at(-1)).toEqual({ event: 'resync', address: 'etcd:///p/', revision: '6' });
      expect(listed().names.take()).toBeUndefined();
    }
  });

  it('goes back with a cluster that was restored', () => {
    const { told, sent, listed } = openListing();
    told.resync({ start: '', end: '\0' }, '3');
    listed().give('3', 1);
    told.heard('etcd:///p/');
    expect(sent.at(-1)).toEqual({ event: 'resync', address: 'etcd:///p/', revision: '3' });
    expect(listed().names.take()).toBeUndefined();
    told.hear(event('put', '/p/x', '4'));
    expect(listed().names.take()?.there).toEqual(['x']);
  });
});
