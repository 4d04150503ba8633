/** What a value must be before it is put (`g:etcd.validate`): the rule for its key, and the check at the door. */
import { EtcdError, isEtcdError, type Key } from '../client/index.js';
import { encodeSegments } from '../keyspace/address.js';
import type { Step } from '../keyspace/write/plan.js';
import { checkFormat, type Fault, type Format } from './formats.js';
import { matchesKey } from './patterns.js';
import { runValidator } from './validator.js';

/** A format, or a program and its arguments. The program gets the bytes. Exit 0 means good, and its first line says what is wrong. */
export type Rule = Format | readonly string[];

/** By pattern: a prefix, or a glob. */
export type Rules = Readonly<Record<string, Rule>>;

interface Fence {
  budget: number;
  signal?: AbortSignal;
}

/**
 * @param value all of it, even if only a part is added
 * @param fence ms for a program
 * @throws EtcdError invalid_value, with the place if it is known
 */
export async function validate(rules: Rules, key: Key, value: Buffer, fence: Fence): Promise<void> {
  const rule = ruleFor(rules, key);
  if (rule === undefined) return;
  const fault = typeof rule === 'string' ? await checkFormat(rule, value) : await runValidator(rule, value, fence);
  if (!fault) return;
  const what = typeof rule === 'string' ? `no valid ${NAMES[rule]}` : `${rule[0] ?? ''} refuses it`;
  throw new EtcdError('invalid_value', `${what}: ${wordsOf(fault)}`, {
    hint: ':w! writes it all the same',
    ...(fault.line !== undefined && { place: { line: fault.line, column: fault.column ?? 1 } }),
  });
}

/**
 * Checks the values that the steps of a plan put, one after the other. If a key has its value already, that is not checked.
 * @throws EtcdError as validate(), with the name of the key
 */
export async function validateSteps(rules: Rules, steps: readonly Step[], fence: Fence): Promise<void> {
  if (Object.keys(rules).length === 0) return;
  for (const step of steps) {
    if (step.op !== 'put' || step.was?.value.equals(step.value)) continue;
    await validate(rules, step.key, step.value, fence).catch((thrown: unknown) => Promise.reject(of(step.key, thrown)));
  }
}

/** What is wrong with one value of many. It gives no line, because no text with lines is shown. */
function of(key: Key, thrown: unknown): Error {
  if (!isEtcdError(thrown, 'invalid_value')) return thrown as Error;
  return new EtcdError('invalid_value', `${encodeSegments(key)}: ${thrown.message}`, { hint: 'add ! to write it all the same' });
}

const NAMES: Readonly<Record<Format, string>> = { json: 'JSON', yaml: 'YAML', toml: 'TOML' };

/** `line 3, column 5: why` */
export function wordsOf({ line, column, why }: Fault): string {
  if (line === undefined || /\bline \d/.test(why)) return why;
  return `line ${line}${column === undefined ? '' : `, column ${column}`}: ${why}`;
}

/** The rule of the longest pattern that matches, because an editor's dictionary has no order. */
export function ruleFor(rules: Rules, key: Key): Rule | undefined {
  const matching = Object.keys(rules).filter((pattern) => matchesKey(pattern, key));
  const [longest] = matching.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return longest === undefined ? undefined : rules[longest];
}
