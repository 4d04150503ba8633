/** The steps of an edit, made from what it does to keys and what is there. */
import { prefixEnd, type Key, type KeyValue } from '../../client/index.js';
import { encodeSegments } from '../address.js';
import { keysInWords } from '../plan/words.js';
import { decidedOn, type DeleteRangeStep, type Guard, type PutStep, type Step } from '../write/plan.js';
import type { Arrival, Changes } from './changes.js';
import type { Intent, Target } from './intents.js';
import { idOf } from './names.js';
import type { Found } from './places.js';
import { movedWhole } from './whole.js';

/** What happens to prefixes with more than one key, in words. */
export function notesOf(intents: readonly Intent[], kvs: ReadonlyMap<string, KeyValue[]>): string[] {
  return intents.flatMap(({ source, targets, stays }) => {
    const count = source?.place.kind === 'prefix' ? (kvs.get(idOf(source.place))?.length ?? 0) : 0;
    if (!source || count < 2) return [];
    const line = (target: Key, i: number): string =>
      `${stays || i > 0 ? 'copy' : 'rename'} ${encodeSegments(source.place.key)} -> ${encodeSegments(target)}: ${keysInWords(count)}`;
    return targets.map(({ place }, i) => line(place.key, i));
  });
}

/** A prefix that is free now must still be free when it is taken. */
export function guardsOf(targets: readonly Target[], there: ReadonlyMap<string, KeyValue[]>): Guard[] {
  const free = targets.filter(({ place }) => place.kind === 'prefix' && there.get(idOf(place))?.length === 0);
  return free.map(({ place: { key } }) => ({ key, rangeEnd: prefixEnd(key), revision: '0' }));
}

/** Puts come first. A prefix that moves is deleted as one range, if nothing else is to be there. */
export function stepsOf(changes: Changes, others: readonly Intent[], sources: Found, there: ReadonlyMap<string, KeyValue[]>): Step[] {
  const { arrivals, departures } = changes;
  const known = new Map<Key, KeyValue>();
  for (const kvs of there.values()) for (const kv of kvs) known.set(kv.key, kv);
  const ranges = movedWhole(others, changes, sources.scoped).map(({ key }): DeleteRangeStep => {
    const count = sources.kvs.get(idOf({ kind: 'prefix', key }))?.length ?? 0;
    return { op: 'delete range', key, rangeEnd: prefixEnd(key), revision: sources.at.revision, count, moved: true };
  });
  const isInRange = (key: Key): boolean => ranges.some((range) => key.startsWith(range.key));
  const puts = [...arrivals].map(([key, arrival]) => {
    // If a step of its own compares the source, once is enough.
    const isCompared = arrival.kv !== undefined && departures.has(arrival.kv.key) && !isInRange(arrival.kv.key);
    return putOf(key, arrival, known.get(key), isCompared);
  });
  const left = [...departures.values()].filter(({ key }) => !arrivals.has(key) && !isInRange(key));
  return [...puts, ...left.map((kv): Step => ({ op: 'delete', ...decidedOn(kv.key, kv) })), ...ranges];
}

function putOf(key: Key, { kv, moved }: Arrival, there: KeyValue | undefined, isCompared: boolean): PutStep {
  const before = there && { modRevision: there.modRevision, createRevision: there.createRevision, lease: there.lease };
  const known = { ...decidedOn(key, there), ...(before && { before }) };
  if (!kv) return { op: 'put', value: Buffer.alloc(0), ...known };
  const from = { key: kv.key, moved, ...(!isCompared && { modRevision: kv.modRevision }) };
  return { op: 'put', value: kv.value, lease: kv.lease, from, ...known };
}
