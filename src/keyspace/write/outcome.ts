/**
 * What became of a plan whose answer was lost. The client has already resent the same txn. If the resend lost its compare, a late
 * original cannot win any more, because no revision comes twice. What is left to find out is who made the change that it lost to. A
 * plan is done as a whole or not at all, so one of its keys tells.
 */
import { EtcdError, isEtcdError, objection, withTraits, type CallOptions, type Client, type KeyValue } from '../../client/index.js';
import type { Answer } from './commit.js';
import { conflict, overwritten } from './conflict.js';
import { firstChange } from './first-change.js';
import { keySteps, type KeyStep, type Plan } from './plan.js';
import { readKeys } from './read-keys.js';

/**
 * The txn ended in an error. What etcd holds now tells more.
 * @returns the answer of a resend that lost its compare, as far as reading can tell; afterLoss() takes it from there
 * @throws EtcdError the error itself if nothing was written, else outcome_unknown
 */
export async function afterFailure(client: Client, plan: Plan, thrown: unknown, options: CallOptions): Promise<Answer> {
  if (!isEtcdError(thrown) || !thrown.indefinite) throw thrown;
  const steps = keySteps(plan);
  // What a range holds does not show who has changed it.
  if (options.signal?.aborted || steps.length === 0) throw unknown(thrown);
  const read = await readAll(client, plan, options).catch(() => undefined);
  if (!read || (plan.seen && objection(plan.seen, read.header) !== undefined)) throw unknown(thrown);
  const isOther = steps.some((step) => isChanged(step, read.kvs));
  if (isOther) return { ...read, succeeded: false, uncertain: true };
  // The keys are as they were. That means something only if nothing is under way any more.
  throw thrown.settled ? withTraits(thrown, { indefinite: false }) : unknown(thrown);
}

/** The keys of the plan that have a step of their own, at one revision. */
export async function readAll(client: Client, plan: Plan, options: CallOptions): Promise<Pick<Answer, 'header' | 'kvs'>> {
  const steps = keySteps(plan);
  const [first] = steps;
  return first && steps.length === 1 ? client.range({ key: first.key }, options) : readKeys(client, steps.map(wantedOf), options);
}

/** Asks for the key as it is now, whatever is known of it. */
function wantedOf({ key }: KeyStep): { key: string } {
  return { key };
}

/**
 * Whether the keys are what the plan makes of them, whoever did it. All that one txn puts has one revision. If a range is empty, nobody
 * knows who has emptied it.
 */
export function isAsPlanned(plan: Plan, kvs: readonly KeyValue[]): boolean {
  const steps = keySteps(plan);
  const found = new Map(kvs.map((kv) => [kv.key, kv]));
  const puts = steps.filter(({ op }) => op === 'put').map(({ key }) => found.get(key)?.modRevision);
  const isOne = new Set(puts).size === 1 || (puts.length === 0 && steps.length === plan.steps.length);
  return isOne && steps.every((step) => isDone(step, found.get(step.key)));
}

function isDone(step: KeyStep, kv: KeyValue | undefined): boolean {
  if (step.op !== 'put') return kv === undefined;
  return kv !== undefined && kv.value.equals(step.value) && (step.lease === undefined || kv.lease === step.lease);
}

/**
 * The txn lost its compare, but perhaps to an earlier attempt of itself.
 * @param answer has a key that is not as planned
 * @returns what to throw: EtcdError conflict, lease_not_found, or outcome_unknown if the history cannot tell
 */
export async function afterLoss(client: Client, plan: Plan, { kvs, header }: Answer, options: CallOptions): Promise<EtcdError> {
  const steps = keySteps(plan);
  const witness = steps.find((step) => !isDone(step, find(kvs, step.key))) ?? steps[0];
  if (!witness) return unsure(client, 'there is a newer key now');
  const kv = find(kvs, witness.key);
  const { key, modRevision, before = witness } = witness;
  const other = steps.find((step) => isChanged(step, kvs));
  // If a key is what it was, nothing of the plan was done, and it lost to a change of another key. If there is no other key, this one
  // was changed and changed back: a new key that was deleted again.
  if (!isChanged(witness, kvs) && other) return conflict(client, other.before ?? other, find(kvs, other.key), options);
  if (!other && !isOfKeys(plan)) return rangeChanged(client);
  const first = await firstChange(client, key, modRevision, { kv, ...header }, options).catch(() => undefined);
  if (first && isDone(witness, first.kv)) return overwritten(client, first.revision, kv);
  if (first?.certain) return conflict(client, before, kv, options);
  return unsure(client, nowAt(kv), kv);
}

/** Whether it compares nothing but the keys that have a step of their own. */
function isOfKeys({ steps, guards = [] }: Plan): boolean {
  return guards.length === 0 && steps.every((step) => step.op === 'delete' || (step.op === 'put' && step.from?.modRevision === undefined));
}

function unsure(client: Client, now: string, kv?: KeyValue): EtcdError {
  return new EtcdError('outcome_unknown', `the connection failed while writing, ${now}, and the history does not tell what was between`, {
    endpoint: client.endpoint(),
    subject: { reason: 'unanswered_and_changed' },
    ...(kv && { theirsRevision: kv.modRevision }),
  });
}

function isChanged({ key, modRevision }: KeyStep, kvs: readonly KeyValue[]): boolean {
  return (find(kvs, key)?.modRevision ?? '0') !== modRevision;
}

/** @returns EtcdError conflict, for when no step of a single key tells why */
export function rangeChanged(client: Client): EtcdError {
  return new EtcdError('conflict', 'a key that would be moved, copied or deleted has changed since it was read', {
    endpoint: client.endpoint(),
  });
}

function find(kvs: readonly KeyValue[], name: string): KeyValue | undefined {
  return kvs.find(({ key }) => key === name);
}

function nowAt(kv: KeyValue | undefined): string {
  return kv ? `the key is now at revision ${kv.modRevision}` : 'the key is gone now';
}

/** @returns EtcdError outcome_unknown, for a put that ended in `cause` */
export function unknown(cause: EtcdError): EtcdError {
  return new EtcdError('outcome_unknown', `${cause.message}; etcd may or may not hold the new value`, {
    cause,
    ...(cause.endpoint !== undefined && { endpoint: cause.endpoint }),
    subject: { reason: 'unanswered' },
  });
}
