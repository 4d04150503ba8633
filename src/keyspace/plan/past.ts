/** What a plan has done. Only what an undo needs is kept, because etcd itself keeps what was there before. */
import type { Key, Revision } from '../../client/index.js';
import type { Held, Step } from '../write/plan.js';
import type { Done } from './apply.js';

export interface PastKey {
  key: Key;
  /** True if it was put, false if it was deleted. */
  isPut: boolean;
  /** The revision of the key before; '0': it did not exist; undefined if that is not known. */
  before?: Revision;
  /** The value before, if it was read. */
  was?: Held;
  /** An undo has put it: the key is again what it was at that revision. */
  restores?: Revision;
  /** The value has moved here from this key of the same cluster. */
  from?: Key;
}

/** One txn that was done. */
export interface Past {
  /** The revision of the txn. */
  revision: Revision;
  /** `revision` is exactly the txn's own, so the one before it shows what was there. */
  exact: boolean;
  keys: PastKey[];
  /** Ranges that were deleted. None of their keys was newer than `revision`. */
  ranges: { key: Key; rangeEnd: Key; revision: Revision }[];
}

/** The most bytes of values of one txn that are kept in memory, for an undo after a compaction. */
const MOST_HELD = 256 * 1024;

/** @param done one txn of a plan */
export function pastOf({ steps, revision, uncertain, deleted }: Done): Past {
  const isHeld = steps.reduce((sum, step) => sum + heldBytes(step), 0) <= MOST_HELD;
  const keys = steps.flatMap((step): PastKey[] => {
    if (step.op === 'delete range') return [];
    const { key, op, modRevision: before, was } = step;
    const { restores, from } = op === 'put' ? step : {};
    const moved = from?.moved && from.name === undefined ? { from: from.key } : {};
    return [{ key, isPut: op === 'put', before, ...(was && isHeld && { was }), ...(restores !== undefined && { restores }), ...moved }];
  });
  // If no key was deleted, others had deleted them before, at a revision that is not ours.
  const ranges = deleted === 0 ? [] : steps.flatMap((step) => (step.op === 'delete range' ? [rangeOf(step)] : []));
  return { revision, exact: !uncertain || keys.some(({ isPut }) => isPut), keys, ranges };
}

function rangeOf({ key, rangeEnd, revision }: Past['ranges'][number]): Past['ranges'][number] {
  return { key, rangeEnd, revision };
}

function heldBytes(step: Step): number {
  return step.op === 'delete range' ? 0 : (step.was?.value.length ?? 0);
}
