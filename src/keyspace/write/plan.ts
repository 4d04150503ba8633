/**
 * A change as data: every write of ours is a plan, made before anything is sent. A plan is a list of steps, each with what it was
 * decided on; they are done all together wherever one request can hold them (plan-txn.ts), else in order (plan/apply.ts).
 */
import type { Header, Key, KeyValue, Known, Revision } from '../../client/index.js';
import type { Before } from './conflict.js';

/** A step of one key: done only if the key is still what it is known as. */
interface OfOneKey extends Known {
  /** What to tell of the key if it has changed; without it what it is known as. */
  before?: Before;
  /** What it held, if that was read: for words, and for an undo after a compaction. */
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
  /** It goes, by another step. */
  moved: boolean;
  /** What it is called, if it is in another cluster. */
  name?: string;
  /** Another step of the plan does not tell that it is still what was read: done only if it is at this revision. */
  modRevision?: Revision;
}

export interface PutStep extends OfOneKey {
  op: 'put';
  value: Buffer;
  /** The lease to attach, '0' for none. Without it the key keeps the one that it has. */
  lease?: string;
  /** The value is that of another key. */
  from?: From;
  /** The key is to be again what it was at that revision: an undo of what was before then may go on from here. */
  restores?: Revision;
}

export interface DeleteStep extends OfOneKey {
  op: 'delete';
}

/** The part of a step that says what it was decided on: the key as it was found, or that it is not there. */
export function decidedOn(key: Key, kv: KeyValue | undefined): Known & Pick<OfOneKey, 'was'> {
  if (!kv) return { key, modRevision: '0' };
  const { modRevision, createRevision, version, value, lease } = kv;
  return { key, modRevision, createRevision, version, was: { value, lease } };
}

/** Deletes all keys of a range; done only if none of them is newer than `revision`. Keys that went since do not count. */
export interface DeleteRangeStep {
  op: 'delete range';
  key: Key;
  rangeEnd: Key;
  revision: Revision;
  /** How many keys it had then, for words. */
  count?: number;
  /** Each of them is what a put of this plan moves. */
  moved?: boolean;
}

export type KeyStep = PutStep | DeleteStep;
export type Step = KeyStep | DeleteRangeStep;

/** A range that decides as well, but is not changed as a whole. */
export interface Guard {
  key: Key;
  rangeEnd: Key;
  /** No key of it is newer; '0': there is none. */
  revision: Revision;
}

export interface Plan {
  /** No key twice, and no key of a range that is deleted. Any number. */
  steps: readonly Step[];
  /** What must hold besides, when it begins. */
  guards?: readonly Guard[];
  /** Of the answer that it was decided on: it is for no other cluster. Without it whichever answers is meant. */
  seen?: Header;
}

/** The steps of one key each. */
export function keySteps({ steps }: Plan): KeyStep[] {
  return steps.filter((step) => step.op !== 'delete range');
}
