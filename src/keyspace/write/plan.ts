/**
 * A change as data. Each of our writes is a plan, which is made before anything is sent. A plan is a list of steps, each with what it
 * was decided on. All are done together if one request can hold them (plan-txn.ts), else in order (plan/apply.ts).
 */
import type { Header, Key, KeyValue, Known, Revision } from '../../client/index.js';
import type { Before } from './conflict.js';

/** A step of one key. It is done only if the key is still what it is known as. */
interface OfOneKey extends Known {
  /** What to tell of the key if it has changed. The default is what it is known as. */
  before?: Before;
  /** The value that it had, if that was read: for messages, and for an undo after a compaction. */
  was?: Held;
}

/** What a key held. */
export interface Held {
  value: Buffer;
  /** '0' for none. */
  lease: string;
}

/** The key that a value comes from. */
export interface From {
  key: Key;
  /** The key is deleted, by another step. */
  moved: boolean;
  /** Its name, if it is in another cluster. */
  name?: string;
  /** Set if no other step of the plan checks that key: the step is done only if it is at this revision. */
  modRevision?: Revision;
}

export interface PutStep extends OfOneKey {
  op: 'put';
  value: Buffer;
  /** The lease to attach, '0' for none. By default the key keeps its lease. */
  lease?: string;
  /** The value is that of another key. */
  from?: From;
  /** The key becomes again what it was at that revision. An undo of earlier changes may go on from here. */
  restores?: Revision;
}

export interface DeleteStep extends OfOneKey {
  op: 'delete';
}

/** What a step was decided on: the key as it was found, or that it does not exist. */
export function decidedOn(key: Key, kv: KeyValue | undefined): Known & Pick<OfOneKey, 'was'> {
  if (!kv) return { key, modRevision: '0' };
  const { modRevision, createRevision, version, value, lease } = kv;
  return { key, modRevision, createRevision, version, was: { value, lease } };
}

/** Deletes all keys of a range. It is done only if none of them is newer than `revision`. Keys that others deleted since do not matter. */
export interface DeleteRangeStep {
  op: 'delete range';
  key: Key;
  rangeEnd: Key;
  revision: Revision;
  /** How many keys it had then, for messages. */
  count?: number;
  /** Each of its keys is moved by a put of this plan. */
  moved?: boolean;
}

export type KeyStep = PutStep | DeleteStep;
export type Step = KeyStep | DeleteRangeStep;

/** A range that must not have changed either, but that is not changed as a whole. */
export interface Guard {
  key: Key;
  rangeEnd: Key;
  /** None of its keys is newer; '0': it has no key. */
  revision: Revision;
}

export interface Plan {
  /** No key may occur twice, also not inside a range that is deleted. Any number of steps. */
  steps: readonly Step[];
  /** What else must hold when it begins. */
  guards?: readonly Guard[];
  /** The header of the answer that it was decided on: no other cluster is written to. Without it any cluster that answers is. */
  seen?: Header;
}

/** The steps of one key each. */
export function keySteps({ steps }: Plan): KeyStep[] {
  return steps.filter((step) => step.op !== 'delete range');
}
