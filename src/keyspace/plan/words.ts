/** A plan in words: a line for each step, and how many of each there are. */
import { firstKey, hexadecimal, type Key } from '../../client/index.js';
import { isText, printableOf } from '../look/excerpt.js';
import type { Target } from './target.js';
import type { DeleteRangeStep, DeleteStep, Plan, PutStep, Step } from '../write/plan.js';

export interface Counts {
  put: number;
  delete: number;
  move: number;
  copy: number;
}

export interface Words {
  lines: string[];
  /** How many lines there would be if none were left out. */
  all: number;
  counts: Counts;
  /** Keys that are put or deleted. A key that is moved counts once. */
  keys: number;
}

/** The most bytes of a value that is shown as it is. */
const SHORT = 40;

/** The most lines of one plan. */
export const MOST_LINES = 500;

/** Gives what a key or a prefix is called. */
export type Namer = (place: Target) => string;

/**
 * @param name gives what a key is called
 * @param most lines that are made
 */
export function wordsOf({ steps }: Pick<Plan, 'steps'>, name: Namer, most = MOST_LINES): Words {
  const leaving = new Set(steps.flatMap((step) => (step.op === 'put' && step.from?.moved ? [step.from.key] : [])));
  const shown = steps.filter((step) => !isOfMove(step, leaving));
  const counts: Counts = { put: 0, delete: 0, move: 0, copy: 0 };
  for (const step of shown) counts[kindOf(step)] += keysOf(step);
  const lines = shown.slice(0, most).map((step) => lineOf(step, name, leaving));
  const { put, delete: deleted, move, copy } = counts;
  return { lines, all: shown.length, counts, keys: put + deleted + move + copy };
}

/** The first lines. If there are more, a last line says how many. @param all how many lines there are; `lines` may have fewer */
export function firstLines(lines: readonly string[], most: number, all = lines.length): string[] {
  const first = lines.slice(0, most);
  return all > first.length ? [...first, `… and ${inDigits(all - first.length)} more`] : first;
}

/** The first of some names in one line: `a, b, c and 1,204 more`. */
export function firstNames<T>(all: readonly T[], name: (one: T) => string, most = 3): string {
  const first = all.slice(0, most).map(name).join(', ');
  return all.length > most ? `${first} and ${inDigits(all.length - most)} more` : first;
}

/** `1,204` */
export function inDigits(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 key`, `1,204 keys` */
export function keysInWords(count: number): string {
  return `${inDigits(count)} ${count === 1 ? 'key' : 'keys'}`;
}

/** Whether the line of the put says it already. */
function isOfMove(step: Step, leaving: ReadonlySet<Key>): boolean {
  return step.op === 'delete' ? leaving.has(step.key) : step.op === 'delete range' && step.moved === true;
}

function kindOf(step: Step): keyof Counts {
  if (step.op !== 'put') return 'delete';
  return step.from === undefined ? 'put' : step.from.moved ? 'move' : 'copy';
}

function keysOf(step: Step): number {
  return step.op === 'delete range' ? (step.count ?? 0) : 1;
}

/** @param leaving keys whose values are moved elsewhere */
function lineOf(step: Step, name: Namer, leaving: ReadonlySet<Key>): string {
  switch (step.op) {
    case 'put':
      return putLine(step, name, leaving);
    case 'delete':
      return `delete ${name({ kind: 'key', key: step.key })}${heldBy(step)}`;
    case 'delete range':
      return rangeLine(step, name);
  }
}

function putLine(step: PutStep, name: Namer, leaving: ReadonlySet<Key>): string {
  const { key, value, from, lease = '0' } = step;
  const target = name({ kind: 'key', key });
  // A value that is also moved elsewhere is not overwritten.
  const over = step.modRevision === '0' || leaving.has(key) ? '' : ', over what is there';
  if (from) return `${from.moved ? 'rename' : 'copy'} ${from.name ?? name({ kind: 'key', key: from.key })} -> ${target}${over}`;
  if (step.modRevision === '0') return `put ${target} ${value.length}B${leaseWords(lease)}`;
  return step.was ? changeLine(target, step.was, step) : `change ${target} to ${value.length}B`;
}

/** A put without a lease of its own leaves the lease as it is. */
function changeLine(target: string, was: { value: Buffer; lease: string }, { value, lease = was.lease }: PutStep): string {
  const leases = [was.lease, lease].map((it) => (it === '0' ? 'none' : hexadecimal(it))).join(' -> ');
  if (lease !== was.lease && value.equals(was.value)) return `change the lease of ${target} ${leases}`;
  return `change ${target} ${changeOf(was.value, value)}${lease === was.lease ? '' : `, lease ${leases}`}`;
}

/** Both values as they are if they are short lines of text, so that one sees whether the change is the right one. Else their sizes. */
function changeOf(old: Buffer, value: Buffer): string {
  const both = [old, value];
  if (both.every((it) => it.length <= SHORT && isText(it) && printableOf(it, SHORT) === it.toString()))
    return both.map((it) => `"${it.toString()}"`).join(' -> ');
  return both.map(({ length }) => `${length}B`).join(' -> ');
}

function rangeLine({ key, count }: DeleteRangeStep, name: Namer): string {
  const prefix = key === firstKey('') ? '' : key;
  return `delete ${name({ kind: 'prefix', key: prefix }) || 'everything'}${count === undefined ? '' : ` ${keysInWords(count)}`}`;
}

function heldBy({ was }: DeleteStep): string {
  return was ? ` ${was.value.length}B${leaseWords(was.lease)}` : '';
}

function leaseWords(lease: string): string {
  return lease === '0' ? '' : `, lease ${hexadecimal(lease)}`;
}
