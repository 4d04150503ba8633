/** Carries out a plan of any size: in one txn if that can hold it, else in steps. Between these steps every value is still somewhere. */
import {
  asEtcdError,
  hexadecimal,
  isEtcdError,
  type EtcdError,
  withTraits,
  type CallOptions,
  type Client,
  type Header,
  type KeyValue,
  type Revision,
} from '../../client/index.js';
import { encodeKey } from '../address.js';
import { commit, type Committed, type Lost } from '../write/commit.js';
import { conflict } from '../write/conflict.js';
import { limitsOf, lower, type Limits } from '../write/limits.js';
import { rangeChanged } from '../write/outcome.js';
import { planTxn, sizeOf, type PlannedTxn } from '../write/plan-txn.js';
import { keySteps, type Plan, type Step } from '../write/plan.js';
import { inOrder, nextBatch } from './order.js';
import { firstNames } from './words.js';

/** What was done by one txn. */
export interface Done {
  steps: readonly Step[];
  /** The revision of the txn. If a plan only deletes and its answer was lost, the txn's revision is this one or an earlier one. */
  revision: Revision;
  /** The answer was lost, and we found out that it was done. */
  uncertain: boolean;
  /** How many keys were deleted by ranges; undefined if the answer was lost. */
  deleted?: number;
}

export interface Applied {
  /** In order. There is only one if the plan was done as a whole. */
  done: readonly Done[];
  header: Header;
  /** The steps that were not done, because of `why`. */
  left: readonly Step[];
  why?: EtcdError;
}

export interface ApplyOptions extends CallOptions {
  /** Ends it between two requests. The signal ends it at once, and then nobody may know whether the last request was carried out. */
  halt?: AbortSignal;
  /** Called before each request. @param done steps, of `all` */
  onProgress?: (done: number, all: number) => void;
}

/**
 * @param options the budget is that of each request
 * @throws EtcdError conflict (with the name of the key) and those of commit(), if nothing was done
 */
export async function applyPlan(client: Client, plan: Plan, options: ApplyOptions): Promise<Applied> {
  const limits = limitsOf(client);
  for (;;) {
    const isOne = plan.steps.length === 1;
    const planned = isOne || sizeOf(plan.steps) > limits.bytes ? undefined : planTxn(plan, limits.operations);
    if (!isOne && !planned) return inSteps(client, plan, limits, options);
    try {
      options.onProgress?.(0, plan.steps.length);
      const committed = await commitOrThrow(client, plan, limits, options, planned);
      return { done: [doneBy(plan.steps, committed)], header: committed.header, left: [] };
    } catch (thrown) {
      if (plan.steps.length === 1 || !lower(client, limits, thrown)) throw thrown;
    }
  }
}

async function inSteps(client: Client, plan: Plan, limits: Limits, options: ApplyOptions): Promise<Applied> {
  const batches = inOrder(plan);
  const all = plan.steps.length;
  const done: Done[] = [];
  let [header, count] = [plan.seen, 0];
  for (const { steps, whole } of batches) {
    for (let begin = 0; begin < steps.length;) {
      const part = whole ? steps : nextBatch(steps, begin, limits.bytes, mostSteps(limits));
      // The guards hold at the beginning. After the first step they need not, because of that step itself.
      const guards = done.length === 0 && plan.guards ? { guards: plan.guards } : {};
      try {
        options.halt?.throwIfAborted();
        options.onProgress?.(count, all);
        const committed = await commitOrThrow(client, { steps: part, ...guards, ...(header && { seen: header }) }, limits, options);
        header = committed.header;
        done.push(doneBy(part, committed));
        begin += part.length;
        count += part.length;
      } catch (thrown) {
        if (part.length > 1 && !whole && lower(client, limits, thrown)) continue;
        if (done.length === 0 || !header) throw thrown;
        return { done, header, left: leftOf(batches, done), why: asEtcdError(thrown) };
      }
    }
  }
  return { done, header: header as Header, left: [] };
}

/** How many steps with three compares each fit into a twice nested txn with its three lists. */
function mostSteps({ operations }: Limits): number {
  return Math.max(1, Math.floor(operations / 2) * Math.floor(operations / 2 / 4));
}

function leftOf(batches: readonly { steps: readonly Step[] }[], done: readonly Done[]): Step[] {
  const count = done.reduce((sum, { steps }) => sum + steps.length, 0);
  return batches.flatMap(({ steps }) => steps).slice(count);
}

function doneBy(steps: readonly Step[], { header, changes, uncertain, deleted }: Committed): Done {
  // If the answer was lost, the keys that we read show the revision of what was put.
  const revision = changes.find(({ after }) => after !== '0')?.after ?? header.revision;
  return { steps, revision, uncertain, ...(deleted !== undefined && { deleted }) };
}

async function commitOrThrow(
  client: Client,
  plan: Plan,
  { operations }: Limits,
  options: CallOptions,
  planned?: PlannedTxn,
): Promise<Committed> {
  const answer = await commit(client, plan, options, operations, planned).catch((thrown: unknown) => {
    throw withLeases(thrown, plan);
  });
  if (answer.succeeded) return answer;
  throw await lostBy(client, plan, answer, options);
}

/** etcd does not say which lease it does not know. */
function withLeases(thrown: unknown, { steps }: Plan): unknown {
  if (!isEtcdError(thrown, 'lease_not_found') || thrown.subject || thrown.indefinite) return thrown;
  const leases = new Set(
    steps.flatMap((step) => (step.op === 'put' && step.lease !== undefined && step.lease !== '0' ? [step.lease] : [])),
  );
  const what = leases.size === 1 ? 'there is no lease' : 'one of these leases is not there:';
  return withTraits(thrown, { subject: { reason: 'lease_unknown' } }, `${what} ${firstNames([...leases], hexadecimal)}`);
}

/** Why it was not done, with the name of the key. */
async function lostBy(client: Client, plan: Plan, { kvs }: Lost, options: CallOptions): Promise<EtcdError> {
  const found = new Map<string, KeyValue>(kvs.map((kv) => [kv.key, kv]));
  const step = keySteps(plan).find(({ key, modRevision }) => (found.get(key)?.modRevision ?? '0') !== modRevision);
  const why = step ? await conflict(client, step.before ?? step, found.get(step.key), options) : rangeChanged(client);
  const message = step ? `${encodeKey(step.key)}: ${why.message}` : why.message;
  return withTraits(why, { hint: 'nothing was changed by that; begin again to see what is there now' }, message) as EtcdError;
}
