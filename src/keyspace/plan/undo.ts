/** Takes back what was done. etcd's own past shows what was there before, as long as it is not compacted. */
import {
  digestOf,
  isEtcdError,
  objection,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type KeyValue,
  type Revision,
} from '../../client/index.js';
import { encodeKey } from '../address.js';
import { readSubtree } from '../subtree.js';
import { decidedOn, type From, type Held, type KeyStep, type Plan } from '../write/plan.js';
import { readKeys } from '../write/read-keys.js';
import type { Past } from './past.js';

export interface UndoPlan {
  plan: Plan;
  /** What is not taken back, key by key, and why. */
  refused: string[];
  /** Keys whose lease has ended since. They are put without one, so they do not expire any more. */
  unleased: Key[];
}

const NOTHING = Buffer.alloc(0);

/** What one key was before all changes that are taken back, and what they have made of it. */
interface Turn {
  /** undefined: it did not exist; 'compacted': nobody knows any more. */
  before: (Held & { modRevision?: Revision }) | undefined | 'compacted';
  /** '0': it is deleted. */
  after: Revision;
}

/** What the parts of one undo share. A move between two clusters has a part in each. */
export interface Shared {
  /** Digests of the values that are put back. */
  restored: Set<string>;
  /** The changes that are taken back have deleted something, so what they have put may be the only copy of a value. */
  hadDeletes: boolean;
  /** Something is not taken back. */
  isPartial: boolean;
  /** Whether a key, now at revision `now`, is what it was at `then`. Undos of ours may have made it so. */
  isAgain: (key: Key, now: Revision, then: Revision) => boolean;
}

/**
 * A key that did not exist before is deleted. But if it came by a move whose source cannot come back, it stays, because it has the only
 * copy.
 * @param past in the order in which it was done
 * @param shared what earlier parts have found; this one adds to it
 * @throws EtcdError compacted if nothing of it can be found, and the client's
 */
export async function undoPlan(client: Client, past: readonly Past[], options: CallOptions, shared = nothingShared()): Promise<UndoPlan> {
  const turns = new Map<Key, Turn>();
  for (const one of past) {
    for (const [key, turn] of await turnsOf(client, one, options)) {
      turns.set(key, { before: (turns.get(key) ?? turn).before, after: turn.after });
    }
  }
  const { header, kvs } = await readKeys(
    client,
    [...turns.keys()].map((key) => ({ key })),
    options,
  );
  const found = new Map(kvs.map((kv) => [kv.key, kv]));
  const gone = await endedLeases(client, turns, options);
  const [steps, refused]: [KeyStep[], string[]] = [[], []];
  for (const [key, turn] of turns) {
    const now = found.get(key);
    const isOurs = now !== undefined && shared.isAgain(key, now.modRevision, turn.after);
    const step = stepOf(key, turn, now && { ...now, isOurs }, gone);
    if (typeof step === 'string') refused.push(refusalOf(key, step));
    else if (step) steps.push(step);
  }
  shared.hadDeletes ||= [...turns.values()].some(({ after }) => after === '0');
  shared.isPartial ||= refused.length > 0;
  for (const step of steps) if (step.op === 'put') shared.restored.add(digestOf(step.value));
  const isOnlyCopy = (step: KeyStep): boolean => step.op === 'delete' && !shared.restored.has(digestOf(step.was?.value ?? NOTHING));
  const kept = shared.hadDeletes && shared.isPartial ? steps.filter(isOnlyCopy) : [];
  refused.push(...kept.map(({ key }) => refusalOf(key, 'its value could not go back to where it came from')));
  const done = movedBack(
    past,
    steps.filter((step) => !kept.includes(step)),
  );
  const unleased = steps.filter(({ key, op }) => op === 'put' && hadEnded(turns.get(key), gone)).map(({ key }) => key);
  return { plan: { steps: done, seen: header }, refused, unleased };
}

/** If a value that had moved goes back to its old key, that is a move, too: in the words of the plan, and in the order of its steps. */
function movedBack(past: readonly Past[], steps: readonly KeyStep[]): KeyStep[] {
  const byKey = new Map(steps.map((step) => [step.key, step]));
  const sources = new Map<Key, From>();
  for (const { key, from } of past.flatMap(({ keys }) => keys)) {
    const [back, here] = [from === undefined ? undefined : byKey.get(from), byKey.get(key)];
    if (back?.op === 'put' && here?.was?.value.equals(back.value)) sources.set(back.key, { key, moved: true });
  }
  return steps.map((step) => {
    const from = sources.get(step.key);
    return step.op === 'put' && from ? { ...step, from } : step;
  });
}

/**
 * Whether this is another cluster than the one in which it was done. What was there before would mean nothing here.
 * @param past at least one txn, with a key or a range
 * @param seen of an answer of the cluster that is meant
 * @returns why it is another one; undefined if it is not
 */
export async function elsewhere(client: Client, past: readonly Past[], seen: Header, options: CallOptions): Promise<string | undefined> {
  const [{ key } = { key: '\0' }] = past.flatMap(({ keys, ranges }) => [...keys, ...ranges]);
  return objection(seen, (await client.range({ key, countOnly: true }, options)).header);
}

/** For the first part of an undo. */
export function nothingShared(isAgain: Shared['isAgain'] = (_, now, then) => now === then): Shared {
  return { restored: new Set(), hadDeletes: false, isPartial: false, isAgain };
}

function refusalOf(key: Key, why: string): string {
  return `not taken back: ${encodeKey(key)}: ${why}`;
}

/** @returns a step; or why there is none; or undefined if there is nothing to do */
function stepOf(
  key: Key,
  { before, after }: Turn,
  now: (KeyValue & { isOurs: boolean }) | undefined,
  gone: ReadonlySet<string>,
): KeyStep | string | undefined {
  if (before === 'compacted') return 'what it was is compacted';
  if (!now && after !== '0') return before === undefined ? undefined : 'it was deleted since';
  if (now && after === '0') return 'it was created again since';
  if (now && !now.isOurs) return `it was changed since, at revision ${now.modRevision}`;
  const known = decidedOn(key, now);
  if (before === undefined) return now ? { op: 'delete', ...known } : undefined;
  const { modRevision: restores } = before;
  const lease = gone.has(before.lease) ? '0' : before.lease;
  return { op: 'put', value: before.value, lease, ...known, ...(restores !== undefined && { restores }) };
}

async function turnsOf(client: Client, past: Past, options: CallOptions): Promise<Map<Key, Turn>> {
  const { revision, exact, keys, ranges } = past;
  const turns = new Map<Key, Turn>();
  const prior = exact ? String(BigInt(revision) - 1n) : undefined;
  const wanted = keys.filter(({ before }) => before !== '0').map(({ key, before }) => ({ key, revision: prior ?? before ?? revision }));
  const held = wanted.length === 0 ? new Map<Key, KeyValue>() : await heldThen(client, wanted, options);
  for (const { key, isPut, before, was } of keys) {
    const then = held === 'compacted' ? (was ?? (before === '0' ? undefined : held)) : held.get(key);
    turns.set(key, { before: then, after: isPut ? revision : '0' });
  }
  for (const range of ranges) {
    const span = { start: range.key, end: range.rangeEnd, revision: prior ?? range.revision };
    for await (const { kvs } of readSubtree(client, span, options)) {
      for (const { key, value, lease, modRevision } of kvs) {
        if (!turns.has(key)) turns.set(key, { before: { value, lease, modRevision }, after: '0' });
      }
    }
  }
  return turns;
}

async function heldThen(
  client: Client,
  wanted: readonly { key: Key; revision: Revision }[],
  options: CallOptions,
): Promise<Map<Key, KeyValue> | 'compacted'> {
  try {
    const { kvs } = await readKeys(client, wanted, options);
    return new Map(kvs.map((kv) => [kv.key, kv]));
  } catch (thrown) {
    if (isEtcdError(thrown, 'compacted')) return 'compacted';
    throw thrown;
  }
}

function hadEnded(turn: Turn | undefined, gone: ReadonlySet<string>): boolean {
  return typeof turn?.before === 'object' && gone.has(turn.before.lease);
}

/** The leases that have ended, so that a key that is put back cannot have them any more. */
async function endedLeases(client: Client, turns: ReadonlyMap<Key, Turn>, options: CallOptions): Promise<Set<string>> {
  const leases = new Set([...turns.values()].flatMap(({ before }) => (typeof before === 'object' ? [before.lease] : [])));
  leases.delete('0');
  const ended = new Set<string>();
  for (const lease of leases) if ((await client.leaseTtl(lease, options)) < 0) ended.add(lease);
  return ended;
}
