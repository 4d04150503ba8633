/** Does a plan of any size: in one txn if that can hold it, else in steps in which nothing is ever in no place. */
import {
  asEtcdError,
  type EtcdError,
  withTraits,
  type CallOptions,
  type Client,
  type Header,
  type KeyValue,
  type Revision,
} from '../../client/index.js';
import { encodeSegments } from '../address.js';
import { commit, type Committed, type Lost } from '../write/commit.js';
import { conflict } from '../write/conflict.js';
import { limitsOf, lower, type Limits } from '../write/limits.js';
import { rangeChanged } from '../write/outcome.js';
import { planTxn, sizeOf } from '../write/plan-txn.js';
import { keySteps, type Plan, type Step } from '../write/plan.js';
import { inOrder, nextBatch } from './order.js';

/** What was done by one txn. */
export interface Done {
  steps: readonly Step[];
  /** Of the txn; of a plan that only deletes, at least it if its answer was lost. */
  revision: Revision;
  /** The answer was lost, and it was found out that it was done. */
  uncertain: boolean;
  /** How many keys went with ranges; undefined if the answer was lost. */
  deleted?: number;
}

export interface Applied {
  /** In order; one, if the plan was done as a whole. */
  done: readonly Done[];
  header: Header;
  /** What was not done, because of `why`. */
  left: readonly Step[];
  why?: EtcdError;
}

export interface ApplyOptions extends CallOptions {
  /** Ends it between two requests; the signal ends it at once, and then nobody may know what became of the last one. */
  halt?: AbortSignal;
  /** Called before each request. @param done steps, of `all` */
  onProgress?: (done: number, all: number) => void;
}

/**
 * @param options the budget is that of each request
 * @throws EtcdError conflict (by the name of the key) and those of commit(), if nothing was done
 */
export async function applyPlan(client: Client, plan: Plan, options: ApplyOptions): Promise<Applied> {
  const limits = limitsOf(client);
  for (;;) {
    const isOne = plan.steps.length === 1 || (sizeOf(plan.steps) <= limits.bytes && planTxn(plan, limits.operations) !== undefined);
    if (!isOne) return inSteps(client, plan, limits, options);
    try {
      options.onProgress?.(0, plan.steps.length);
      const committed = await commitOrThrow(client, plan, limits, options);
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
      // What has to hold at the beginning need not hold after the first step, which is ours.
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

/** Nested twice: what three lists hold of steps with three compares each. */
function mostSteps({ operations }: Limits): number {
  return Math.max(1, Math.floor(operations / 2) * Math.floor(operations / 2 / 4));
}

function leftOf(batches: readonly { steps: readonly Step[] }[], done: readonly Done[]): Step[] {
  const count = done.reduce((sum, { steps }) => sum + steps.length, 0);
  return batches.flatMap(({ steps }) => steps).slice(count);
}

function doneBy(steps: readonly Step[], { header, changes, uncertain, deleted }: Committed): Done {
  // What was found by looking is at the revision of what was put.
  const revision = changes.find(({ after }) => after !== '0')?.after ?? header.revision;
  return { steps, revision, uncertain, ...(deleted !== undefined && { deleted }) };
}

async function commitOrThrow(client: Client, plan: Plan, { operations }: Limits, options: CallOptions): Promise<Committed> {
  const answer = await commit(client, plan, options, operations);
  if (answer.succeeded) return answer;
  throw await lostBy(client, plan, answer, options);
}

/** Why it was not done, by the name of the key. */
async function lostBy(client: Client, plan: Plan, { kvs }: Lost, options: CallOptions): Promise<EtcdError> {
  const found = new Map<string, KeyValue>(kvs.map((kv) => [kv.key, kv]));
  const step = keySteps(plan).find(({ key, modRevision }) => (found.get(key)?.modRevision ?? '0') !== modRevision);
  const why = step ? await conflict(client, step.before ?? step, found.get(step.key), options) : rangeChanged(client);
  const message = step ? `${encodeSegments(step.key)}: ${why.message}` : why.message;
  return withTraits(why, { hint: 'nothing was changed by that; begin again to see what is there now' }, message) as EtcdError;
}
