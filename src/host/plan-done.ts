/** What happened to a plan: an exact account, and what the editor has to know about the addresses that it shows. */
import { isBefore, prefixEnd, type Header, type Key, type Revision } from '../client/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import { digestOf, type Base } from '../keyspace/document.js';
import type { Applied } from '../keyspace/plan/apply.js';
import { firstLines, inDigits, wordsOf, type Counts } from '../keyspace/plan/words.js';
import type { DeleteRangeStep, PutStep, Step } from '../keyspace/write/plan.js';
import { describeBase } from './base.js';
import type { PutBase } from './params.js';
import { clusterName, isOneProfile, nameIn } from './plan-shown.js';

/** An address that the editor shows. */
export interface ShownAddress extends Address {
  /** The cluster of its profile, if it is known. Two profiles may lead to one cluster. */
  clusterId?: string | undefined;
}

/** One part that was done, or partly done. */
export interface AppliedPart {
  profile: string;
  of: Applied;
}

/** What happened to an address that the editor shows. listed: something below it has changed. */
export interface Fate {
  address: string;
  /** The revision of the last txn in its cluster. */
  revision: Revision;
  became: 'changed' | 'deleted' | 'moved' | 'listed';
  /** If it was moved: the new address, and what a write of it compares with. */
  to?: string;
  base?: PutBase;
}

/** What `apply` answers. */
export interface PlanDone {
  keys: number;
  /** The revision of the last txn. */
  revision: Revision;
  /** All of it was done, by one txn. */
  atomic: boolean;
  /** If it was done in part: the exact account, a line each. Empty if all was done. */
  done: string[];
  /** Which of the addresses that were asked about have changed. */
  fates: Fate[];
}

/** The most lines about what was not done. */
const MOST_LEFT = 100;

/** @param open the addresses that the editor shows */
export function accountOf(applied: readonly AppliedPart[], open: readonly ShownAddress[]): PlanDone {
  const txns = applied.flatMap(({ of }) => of.done);
  const stopped = applied.find(({ of }) => of.why !== undefined);
  const all = wordsOf({ steps: txns.flatMap(({ steps }) => steps) }, ({ key }) => key);
  // For ranges we count what etcd has deleted, not what was expected.
  const deletes = txns.flatMap(({ steps }) => steps).filter((step) => step.op === 'delete range');
  const [ranges, moved] = [deletes.filter((range) => !range.moved), deletes.filter((range) => range.moved)];
  const expected = keysOf(ranges);
  const gone = txns.every(({ deleted }) => deleted !== undefined) && ranges.length > 0;
  // What was moved is already counted as moved.
  const counted = gone ? txns.reduce((sum, { deleted = 0 }) => sum + deleted, 0) - keysOf(moved) : expected;
  return {
    keys: all.keys - expected + counted,
    revision: txns.at(-1)?.revision ?? '0',
    atomic: txns.length === 1 && !stopped,
    done: stopped ? partLines(applied, all.counts) : [],
    fates: open.flatMap((address) => fateOf(address, applied) ?? []),
  };
}

function keysOf(ranges: readonly DeleteRangeStep[]): number {
  return ranges.reduce((sum, { count = 0 }) => sum + count, 0);
}

function partLines(applied: readonly AppliedPart[], counts: Counts): string[] {
  const stopped = applied.find(({ of }) => of.why);
  const where = stopped && !isOneProfile(applied) ? `${clusterName(stopped.profile)}: ` : '';
  // Ranges come first, because there may be more keys than lines.
  const left = [true, false].flatMap((isRange) => applied.flatMap((part) => leftLines(part, applied, isRange)));
  const most = firstLines(left, MOST_LEFT).map((line) => `not done: ${line}`);
  return [`stopped: ${where}${stopped?.of.why?.message ?? ''}`, `done: ${inCounts(counts)}`, ...most];
}

/**
 * @param isRange true for lines about ranges that are still to be deleted, even if their keys are copied already; false for all other lines
 */
function leftLines({ profile, of }: AppliedPart, applied: readonly AppliedPart[], isRange: boolean): string[] {
  const left = of.left.filter(({ op }) => (op === 'delete range') === isRange);
  const steps = left.map((step) => (step.op === 'delete range' ? { ...step, moved: false } : step));
  return wordsOf({ steps }, nameIn(profile, applied), Infinity).lines;
}

function inCounts({ put, delete: deleted, move, copy }: Counts): string {
  const words = Object.entries({ put, deleted, 'copied, to be moved': move, copied: copy }).filter(([, count]) => count > 0);
  return words.length === 0 ? 'nothing' : words.map(([word, count]) => `${inDigits(count)} ${word}`).join(', ');
}

/** Whether the part was done in the cluster of the address, under any profile. */
function isThere({ profile, of }: AppliedPart, address: ShownAddress): boolean {
  return profile === address.profile || (of.done.length > 0 && of.header.clusterId === address.clusterId);
}

function fateOf({ clusterId, ...address }: ShownAddress, applied: readonly AppliedPart[]): Fate | undefined {
  const txns = applied.filter((part) => isThere(part, { ...address, clusterId })).flatMap(({ of }) => of.done);
  const steps = txns.flatMap((txn) => txn.steps);
  const { kind, key } = address;
  const fate = { address: formatAddress(address), revision: txns.at(-1)?.revision ?? '0' };
  if (kind === 'prefix') return steps.some((step) => isBelow(step, key)) ? { ...fate, became: 'listed' } : undefined;
  const isPut = steps.some((step) => step.op === 'put' && step.key === key);
  if (isPut) return { ...fate, became: 'changed' };
  if (!steps.some((step) => isDeletedBy(step, key))) return undefined;
  const base = movedTo({ ...address, clusterId }, applied);
  return base ? { ...fate, became: 'moved', to: base.address, base } : { ...fate, became: 'deleted' };
}

function isBelow(step: Step, prefix: Key): boolean {
  if (step.op !== 'delete range') return step.key.startsWith(prefix);
  return isBefore(step.key, prefixEnd(prefix)) && isBefore(prefix, step.rangeEnd);
}

function isDeletedBy(step: Step, key: Key): boolean {
  if (step.op === 'delete range') return step.key <= key && isBefore(key, step.rangeEnd);
  return step.op === 'delete' && step.key === key;
}

/** The key that the value of `source` has moved to, as it is now. */
function movedTo(address: ShownAddress, applied: readonly AppliedPart[]): PutBase | undefined {
  const { key: source, as } = address;
  for (const part of applied) {
    const { of } = part;
    // If an address was reached by another profile, it keeps that profile.
    const { profile } = isThere(part, address) ? address : part;
    for (const { steps, revision } of of.done) {
      const step = steps.find((it) => it.op === 'put' && it.from?.moved && it.from.key === source);
      if (step?.op !== 'put') continue;
      const target = formatAddress({ profile, kind: 'key', key: step.key, ...(as && { as }) });
      return describeBase(target, putAt(step, revision, of.header));
    }
  }
  return undefined;
}

function putAt({ value, modRevision, createRevision, version, lease }: PutStep, revision: Revision, header: Header): Base {
  const isNew = modRevision === '0';
  const made = isNew ? revision : createRevision;
  const changes = isNew ? '1' : version && String(BigInt(version) + 1n);
  return {
    modRevision: revision,
    digest: digestOf(value),
    clusterId: header.clusterId,
    seen: header,
    ...(made !== undefined && { createRevision: made }),
    ...(changes !== undefined && { version: changes }),
    ...(lease !== undefined && { lease }),
  };
}
