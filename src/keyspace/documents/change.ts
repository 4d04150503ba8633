/**
 * The difference between a document and what etcd holds, as a plan. If the document was read before, it is the difference to what was
 * read. A key that others have changed since, and this document has not, is left alone. A key that both have changed is a conflict.
 */
import {
  digestOf,
  EtcdError,
  isEtcdError,
  kvsOf,
  objection,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type KeyValue,
  type Revision,
} from '../../client/index.js';
import { encodeSegments } from '../address.js';
import { readSubtree, readTree, spanBelow } from '../subtree.js';
import { refuseOther } from '../write/other-cluster.js';
import { firstNames } from '../plan/words.js';
import { limitsOf } from '../write/limits.js';
import { decidedOn, type KeyStep, type Plan } from '../write/plan.js';
import { knownOf, type BaseChanges, type DocumentBase, type Known } from './base.js';
import type { Difference } from './difference.js';
import { digestIn, type Entry } from './entry.js';

export interface DocumentChange {
  prefix: Key;
  /** What the document changes in the base. Without a base: all that it holds. */
  difference: Difference;
  /** What was read. Without it keys are added and changed, but none is deleted unless `force`. */
  base?: DocumentBase;
  /** The header of the cluster that it was read from. */
  seen?: Header;
  /** With a base: overwrite what others have changed. Without one: delete the keys that the document does not have. */
  force: boolean;
}

export interface MadeChange {
  plan: Plan;
  /** The header of the answer that the plan was decided on; absent if nothing was read. */
  header?: Header;
  /** What is new in the base of the document after the plan was done in one txn at that revision. */
  next(revision: Revision): BaseChanges;
}

/** The most keys that are read one by one. If there are more, all of the prefix is read. */
const ONE_BY_ONE = 100;

/** @throws EtcdError conflict, which names the keys; cluster_changed; and as readSubtree() */
export async function planDocument(client: Client, change: DocumentChange, options: CallOptions): Promise<MadeChange> {
  const { prefix, difference, base, force } = change;
  if (base && difference.size === 0) return { plan: { steps: [] }, next: () => new Map() };
  const { header, now } = await readNow(client, prefix, base ? [...difference.keys()] : undefined, options);
  if (change.seen) refuseOther(client, objection(change.seen, header));
  const others = !base && force ? [...now.keys()].filter((key) => !difference.has(key)) : [];
  const steps: KeyStep[] = [];
  const conflicts: Key[] = [];
  for (const key of [...difference.keys(), ...others]) {
    const step = stepOf(key, difference.get(key), now.get(key), base);
    if (step && base && !force && !isSame(base.get(key), now.get(key))) conflicts.push(key);
    if (step) steps.push(step);
  }
  if (conflicts.length > 0) throw conflictOf(client, prefix, conflicts);
  return { plan: { steps, seen: header }, header, next: (revision) => nextBase(revision, difference, now, steps) };
}

function isSame(known: Known | undefined, kv: KeyValue | undefined): boolean {
  return (known?.modRevision ?? '0') === (kv?.modRevision ?? '0');
}

/** undefined: the key is already as wanted, whoever has made it so. */
function stepOf(key: Key, entry: Entry | undefined, kv: KeyValue | undefined, base: DocumentBase | undefined): KeyStep | undefined {
  const known = kv ? asKnown(key, kv) : { key, modRevision: '0' };
  if (!entry) return kv && { op: 'delete', ...known };
  // The lease in a file may be of another cluster. So a lease counts only if it was changed in what was read.
  const lease = base && entry.lease !== undefined && entry.lease !== (base.get(key)?.lease ?? '0') ? entry.lease : undefined;
  if (kv?.value.equals(entry.value) && (lease === undefined || lease === kv.lease)) return undefined;
  return { op: 'put', ...known, value: entry.value, ...(lease !== undefined && { lease }) };
}

function asKnown(key: Key, kv: KeyValue) {
  const { modRevision, createRevision, digest, lease } = knownOf(kv);
  return { ...decidedOn(key, kv), digest, before: { modRevision, createRevision, lease, digest } };
}

/** What the keys are now: the given ones, else all below the prefix. */
async function readNow(
  client: Client,
  prefix: Key,
  keys: Key[] | undefined,
  options: CallOptions,
): Promise<{ header: Header; now: Map<Key, KeyValue> }> {
  if (keys && keys.length <= Math.min(ONE_BY_ONE, limitsOf(client).operations)) {
    const asked = client.txn({ then: keys.map((key) => ({ op: 'range', key })) }, options);
    const answer = await asked.catch((thrown: unknown) => {
      // Some of the values may be so large that they can only be read one after the other.
      if (isEtcdError(thrown, 'too_large', 'too_many_ops')) return undefined;
      throw thrown;
    });
    if (answer) return { header: answer.header, now: new Map(kvsOf(answer.answers).map((kv) => [kv.key, kv])) };
  }
  const { header, tree } = await readTree(client, spanBelow(prefix), (kv) => kv, options);
  return { header, now: tree };
}

function conflictOf(client: Client, prefix: Key, keys: readonly Key[]): EtcdError {
  const names = firstNames(keys, (key) => encodeSegments(key.slice(prefix.length)));
  const why = `${names}: changed here, and by others since the document was read`;
  return new EtcdError('conflict', why, { endpoint: client.endpoint(), subject: { reason: 'both_changed' } });
}

/** If others have changed a key and this document has not, what was read stays in the base, because the text still has that. */
function nextBase(revision: Revision, difference: Difference, now: ReadonlyMap<Key, KeyValue>, steps: readonly KeyStep[]): BaseChanges {
  const put = new Map(steps.map((step) => [step.key, step]));
  const next: BaseChanges = new Map();
  for (const [key, entry] of difference) {
    const [step, kv] = [put.get(key), now.get(key)];
    if (entry && step?.op === 'put') {
      const { createRevision = revision, version = '0' } = step;
      const lease = step.lease ?? kv?.lease ?? '0';
      next.set(key, { modRevision: revision, createRevision, version: String(BigInt(version) + 1n), lease, digest: digestIn(entry) });
    } else next.set(key, entry && kv && knownOf(kv));
  }
  return next;
}

/** After several txns, puts the revisions of the written keys into `next`, if the keys still hold what was written. */
export async function settle(
  client: Client,
  next: BaseChanges,
  { prefix, revision }: { prefix: Key; revision: Revision },
  options: CallOptions,
): Promise<void> {
  for await (const { kvs } of readSubtree(client, { ...spanBelow(prefix), revision }, options)) {
    for (const kv of kvs) if (next.get(kv.key)?.digest === digestOf(kv.value)) next.set(kv.key, knownOf(kv));
  }
}
