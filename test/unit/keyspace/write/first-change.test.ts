import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EtcdError, type Client } from '../../../../src/client/index.js';
import { firstChange } from '../../../../src/keyspace/write/first-change.js';
import { runs } from '../../../harness/runs.js';

/** What happened at each revision of the store: the key was put or deleted, or another key was changed. */
type Happened = 'put' | 'delete' | 'elsewhere';

/** The key at `revision`, if this happened after revision 2, at which it was created. */
function stateAt(events: readonly Happened[], revision: number): number | undefined {
  let state: number | undefined = 2;
  for (let at = 3; at <= revision; at++) {
    const event = events[at - 3];
    if (event === 'put') state = at;
    else if (event === 'delete') state = undefined;
  }
  return state;
}

function clientOf(events: readonly Happened[], compacted: number): { client: Client; asked: () => number } {
  let asked = 0;
  const range: Client['range'] = ({ revision }) => {
    asked++;
    const at = Number(revision);
    if (at < compacted) throw new EtcdError('compacted', 'gone');
    const state = stateAt(events, at);
    const kv = { key: 'k', value: Buffer.from(String(state)), createRevision: '2', modRevision: String(state), version: '1', lease: '0' };
    return Promise.resolve({
      header: { clusterId: '1', revision: '9' },
      kvs: state === undefined ? [] : [kv],
      count: 1,
      more: false,
      stale: false,
    });
  };
  return { client: { range } as Client, asked: () => asked };
}

const happened = fc.array(fc.constantFrom<Happened>('put', 'delete', 'elsewhere'), { minLength: 1, maxLength: 60 });

describe('the first change behind a base', () => {
  it('is found by halving, or nothing is said where compaction took it', async () => {
    await fc.assert(
      fc.asyncProperty(happened, fc.nat(64), async (events, compacted) => {
        const last = events.length + 2;
        const first = events.findIndex((event) => event !== 'elsewhere') + 3;
        const now = stateAt(events, last);
        fc.pre(first >= 3 && now !== 2);
        const { client, asked } = clientOf(events, Math.min(compacted, last));
        const kv =
          now === undefined
            ? undefined
            : { key: 'k', value: Buffer.from(''), createRevision: '2', modRevision: String(now), version: '1', lease: '0' };
        const change = await firstChange(client, 'k', '2', { kv, revision: String(last), clusterId: '1' }, { budget: 1 });
        if (change) {
          expect(change.revision).toBe(String(first));
          expect(change.kv?.modRevision).toBe(events[first - 3] === 'put' ? String(first) : undefined);
        } else {
          expect(first - 1).toBeLessThan(compacted);
        }
        expect(asked()).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(last)) + 3);
      }),
      { numRuns: runs(5000) },
    );
  });
});
