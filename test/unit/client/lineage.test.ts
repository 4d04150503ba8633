import { describe, expect, it } from 'vitest';
import { digestOf, type Header, type KeyValue } from '../../../src/client/codec.js';
import { keyObjection, objection, openLineage } from '../../../src/client/lineage.js';

const at = (revision: string, raftTerm?: string, clusterId = '1'): Header => ({ clusterId, revision, ...(raftTerm && { raftTerm }) });

describe('objection', () => {
  it.each([
    [at('5', '2'), at('5', '2'), undefined],
    [at('5', '2'), at('9', '3'), undefined],
    [at('5', '2'), at('5'), undefined],
    [at('5'), at('5', '2'), undefined],
    [at('5', '2'), at('5', '2', '7'), 'cluster 7 answers there now, not 1'],
    [at('10', '2'), at('9', '2'), "the cluster's revision went back from 10 to 9"],
    [at('5', '10'), at('5', '9'), "the cluster's raft term went back from 10 to 9"],
  ])('after %j, of %j: %s', (seen, now, why) => {
    if (why === undefined) expect(objection(seen, now)).toBeUndefined();
    else expect(objection(seen, now)).toContain(why);
  });
});

describe('keyObjection', () => {
  const value = Buffer.from('v');
  const kv = (createRevision: string, modRevision: string, version: string): KeyValue => {
    return { key: 'k', value, createRevision, modRevision, version, lease: '0' };
  };
  const read = { modRevision: '10', createRevision: '4', version: '3', digest: digestOf(value) };

  it.each<[string, KeyValue | undefined, typeof read | { modRevision: string }]>([
    ['as it was', kv('4', '10', '3'), read],
    ['changed since', kv('4', '12', '4'), read],
    ['deleted since', undefined, read],
    ['deleted and created since', kv('11', '12', '2'), read],
    ['created since', kv('11', '11', '1'), { modRevision: '0' }],
    ['read by one who knows no more than the revision', kv('4', '10', '3'), { modRevision: '10' }],
    ['with a digest that is not known any more', kv('4', '10', '3'), { ...read, digest: '' }],
  ])('has none to a key that was %s', (_, now, then) => expect(keyObjection(then, now)).toBeUndefined());

  it.each<[string, KeyValue, Partial<typeof read>]>([
    ['revision is older', kv('4', '9', '3'), {}],
    ['creation is another', kv('5', '10', '3'), {}],
    ['version is another', kv('4', '10', '2'), {}],
    ['value is another', kv('4', '10', '3'), { digest: digestOf(Buffer.from('w')) }],
    ['creation is older than it was', kv('3', '12', '5'), {}],
    ['version has not grown with the revision', kv('4', '12', '3'), {}],
  ])('is sure of another cluster where the %s', (_, now, then) => expect(keyObjection({ ...read, ...then }, now)).toBeDefined());
});

describe('a lineage', () => {
  it('is sure of what was heard over the connection that is open, until it breaks', () => {
    const lineage = openLineage();
    const heard = lineage.heard(at('5'), lineage.mark(), 'a');
    expect(lineage.isSure(heard, 'a')).toBe(true);
    expect(lineage.isSure(heard, 'b')).toBe(false);
    expect(openLineage().isSure(heard, 'a')).toBe(false);
  });

  it('remembers that another cluster has answered, and what was heard before it', () => {
    const lineage = openLineage();
    const before = lineage.heard(at('10'), lineage.mark(), 'a');
    const after = lineage.heard(at('4'), lineage.mark(), 'b');
    expect([lineage.isPast(before), lineage.isPast(after)]).toEqual([true, false]);
    expect(lineage.latest()).toMatchObject({ revision: '4' });
    lineage.heard(at('20'), lineage.mark(), 'b');
    expect([lineage.isPast(before), lineage.isPast(after)]).toEqual([true, false]);
    expect(openLineage().isPast(before)).toBe(false);
  });

  it('does not take an answer that comes late for one of the past', () => {
    const lineage = openLineage();
    const [slow, quick] = [lineage.mark(), lineage.mark()];
    const newer = lineage.heard(at('7', '3'), quick, 'a');
    const older = lineage.heard(at('5', '2'), slow, 'a');
    expect([lineage.isPast(newer), lineage.isPast(older)]).toEqual([false, false]);
    expect(lineage.latest()).toMatchObject({ revision: '7', raftTerm: '3' });
  });

  it('is sure of nothing that was asked before another cluster answered', () => {
    const lineage = openLineage();
    lineage.heard(at('5'), lineage.mark(), 'a');
    const slow = lineage.mark();
    lineage.heard(at('1'), lineage.mark(), 'b');
    expect(lineage.heard(at('6'), slow, 'a').via).toBeUndefined();
    expect(lineage.latest()).toMatchObject({ revision: '1' });
  });
});
