/** The one door through which everything is written: a plan, in one txn. */
import {
  EtcdError,
  isDenied,
  isEtcdError,
  keyObjection,
  kvsOf,
  objection,
  spending,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type KeyValue,
  type OperationAnswer,
  type Revision,
  type TxnRequest,
} from '../../client/index.js';
import { refuseOther } from './other-cluster.js';
import { afterFailure, afterLoss, isAsPlanned, readAll } from './outcome.js';
import { OPERATIONS, planTxn, type PlannedTxn } from './plan-txn.js';
import { keySteps, type Plan } from './plan.js';

/** What became of a key that has a step of its own. A revision is '0' if the key was not there. */
export interface Change {
  key: Key;
  before: Revision;
  after: Revision;
}

export interface Committed {
  succeeded: true;
  /** The header of the answer. Its revision is the plan's own unless `uncertain`. */
  header: Header;
  changes: Change[];
  /** How many keys were deleted by ranges; undefined if the answer that said so was lost. */
  deleted?: number;
  /** If the plan is one put: the key as it is now, without its value; undefined if etcd was not asked. */
  kv: KeyValue | undefined;
  /** The answer was lost, and etcd holds what the plan wanted. */
  uncertain: boolean;
}

/** Nothing was done, because a key is not what it was. */
export interface Lost {
  succeeded: false;
  header: Header;
  /** The keys that have a step of their own, as they are now. One that does not exist is missing. */
  kvs: KeyValue[];
}

/** What etcd has answered to a plan. */
export interface Answer {
  header: Header;
  succeeded: boolean;
  uncertain: boolean;
  /** The keys as they are now, as far as they were asked for. */
  kvs: KeyValue[];
  deleted?: number;
}

/**
 * Does the whole plan, or nothing of it. If the answer is lost, it finds out what happened.
 * @param operations as many as the server takes in one list of a txn
 * @param planned what planTxn() gives, if the caller has it: for thousands of steps, making it takes as long as sending it
 * @throws EtcdError conflict or lease_not_found (after a lost answer: it was done and overwritten, or was not done), outcome_unknown,
 * cluster_changed, too_many_ops also for a plan that no txn can hold, and the client's
 */
export async function commit(
  client: Client,
  plan: Plan,
  options: CallOptions,
  operations = OPERATIONS,
  planned?: PlannedTxn,
): Promise<Committed | Lost> {
  const left = spending(options);
  const { seen } = plan;
  const answer = await send(client, plan, () => planned ?? planTxn(plan, operations), left()).catch(async (thrown: unknown) => {
    if (isDenied(thrown)) throw thrown;
    return afterFailure(client, plan, thrown, left());
  });
  const { header, succeeded, uncertain, kvs, deleted } = answer;
  if (seen) refuseOther(client, objection(seen, header), answer);
  // Keys that the first attempt deleted are not counted by the second.
  const counted = deleted === undefined || uncertain ? {} : { deleted };
  if (succeeded) return { succeeded, header, changes: changesOf(plan, () => header.revision), ...counted, kv: kvs[0], uncertain };
  const found = new Map(kvs.map((kv) => [kv.key, kv]));
  if (seen) for (const step of keySteps(plan)) refuseOther(client, keyObjection(step, found.get(step.key)), answer);
  if (!uncertain) return { succeeded, header, kvs };
  if (!isAsPlanned(plan, kvs)) throw await afterLoss(client, plan, answer, left());
  const changes = changesOf(plan, (key) => found.get(key)?.modRevision ?? '0');
  return { succeeded: true, header, changes, kv: kvs[0], uncertain };
}

/** A plan of one put is sent by compareAndPut(), which takes care of large values. */
async function send(client: Client, plan: Plan, txnOf: () => PlannedTxn | undefined, options: CallOptions): Promise<Answer> {
  const [first, ...more] = plan.steps;
  const isBare = first?.op === 'put' && first.lease === undefined && first.from?.modRevision === undefined;
  if (isBare && more.length === 0 && plan.guards === undefined) {
    const { key, value, modRevision, createRevision, version, digest } = first;
    const known = Object.fromEntries(
      Object.entries({ createRevision, version, digest, seen: plan.seen }).filter(([, it]) => it !== undefined),
    );
    const { kv, ...answer } = await client.compareAndPut({ key, value, modRevision, ...known }, options);
    return { ...answer, kvs: kv ? [kv] : [] };
  }
  const txn = txnOf();
  if (!txn) throw new EtcdError('too_many_ops', `one txn cannot hold ${plan.steps.length} steps`);
  if (txn.nested) return sendNested(client, plan, txn, options);
  const { header, succeeded, uncertain, answers } = await client.txn(txn, options);
  if (!succeeded) return { header, succeeded, uncertain, kvs: kvsOf(answers) };
  return { header, succeeded, uncertain, kvs: [], deleted: deletedBy(plan, answers) };
}

/** If a nested txn cannot be done, it does not say what the keys are. Then they are read. */
async function sendNested(client: Client, plan: Plan, txn: TxnRequest, options: CallOptions): Promise<Answer> {
  const lost = async (uncertain: boolean): Promise<Answer> => ({ ...(await readAll(client, plan, options)), succeeded: false, uncertain });
  try {
    const { header, succeeded, uncertain, answers } = await client.txn(txn, options);
    if (!succeeded) return await lost(uncertain);
    if (!isWhole(answers)) throw new EtcdError('unsupported', 'a txn was done in part', { indefinite: true });
    return { header, succeeded, uncertain, kvs: [], deleted: deletedBy(plan, answers) };
  } catch (thrown) {
    if (!isEtcdError(thrown, 'future_revision')) throw thrown;
    return lost(thrown.indefinite);
  }
}

function isWhole(answers: readonly OperationAnswer[]): boolean {
  return answers.every((answer) => answer.op !== 'txn' || (answer.succeeded && isWhole(answer.answers)));
}

/** How many keys were deleted that have no step of their own. */
function deletedBy(plan: Plan, answers: readonly OperationAnswer[]): number {
  const sum = (of: readonly OperationAnswer[]): number =>
    of.reduce((so, it) => so + (it.op === 'txn' ? sum(it.answers) : it.op === 'delete' ? it.deleted : 0), 0);
  return sum(answers) - keySteps(plan).filter(({ op }) => op === 'delete').length;
}

function changesOf(plan: Plan, revisionOf: (key: Key) => Revision): Change[] {
  return keySteps(plan).map(({ op, key, modRevision }) => ({ key, before: modRevision, after: op === 'put' ? revisionOf(key) : '0' }));
}
