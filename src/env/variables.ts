/** Keys -> variables: which name each gets, which of several wins, and why a key is left out. */
import { EtcdError, type Key, type KeyValue, type Revision } from '../client/index.js';
import { runsCode } from './dangerous.js';
import { matches } from './globs.js';
import { nameOf, type NameStyle } from './names.js';
import { shown, type Source } from './read.js';

export interface Choice {
  /**
   * `children`: the keys right below the prefix. `last`: all keys, by their last part; keys with equal names are joined by commas.
   * `path`: all keys, by their whole name.
   */
  depth: 'children' | 'last' | 'path';
  style: NameStyle;
  /** Globs of names; without any, every name is taken. */
  only: readonly string[];
  except: readonly string[];
  /** Globs of names that run code, but are taken. */
  allow: readonly string[];
}

export interface Variable {
  name: string;
  value: Buffer;
  /** The keys that it is made of. */
  keys: readonly Key[];
  /** The newest of their mod_revisions. */
  revision: Revision;
}

/** Why a key is not a variable, in words that follow "KEY: ". */
export interface Left {
  key: Key;
  name: string;
  why: string;
  /** The user has not asked to leave it out. */
  unasked: boolean;
  /** The name runs code. It is only taken if {@link Choice.allow} names it. */
  refused?: true;
}

/** The reason for a key that is not right below the prefix. */
export const DEEPER = 'it is deeper';

export interface Variables {
  variables: Variable[];
  left: Left[];
}

/**
 * If several sources have a name, the last one wins.
 * @throws EtcdError invalid_value if two keys of one source have the same name, or a value has a NUL byte
 */
export function variablesOf(sources: readonly Source[], choice: Choice): Variables {
  const variables = new Map<string, Variable>();
  const left: Left[] = [];
  for (const source of sources) {
    for (const [name, kvs] of namesIn(source, choice, left)) {
      const before = variables.get(name);
      const why = `overridden by ${shown((kvs[0] as KeyValue).key)}`;
      for (const key of before?.keys ?? []) left.push({ key, name, why, unasked: false });
      variables.set(name, variableOf(name, kvs));
    }
  }
  return { variables: [...variables.values()], left };
}

function namesIn({ prefix, kvs }: Source, choice: Choice, left: Left[]): Map<string, KeyValue[]> {
  const named = new Map<string, KeyValue[]>();
  for (const kv of kvs) {
    const rest = kv.key.slice(prefix.length);
    const part = choice.depth === 'last' ? rest.slice(rest.lastIndexOf('/') + 1) : rest;
    const name = nameOf(part, choice.style);
    const leave = leaving(name, part, choice);
    if (leave) {
      left.push({ key: kv.key, name, ...leave });
      continue;
    }
    const same = named.get(name);
    if (same && choice.depth !== 'last') throw twice(name, same[0] as KeyValue, kv);
    named.set(name, [...(same ?? []), kv]);
  }
  return named;
}

function leaving(name: string, part: Key, { depth, only, except, allow, style }: Choice): Omit<Left, 'key' | 'name'> | undefined {
  if (part === '') return { why: 'it has no name below the prefix', unasked: true };
  if (depth === 'children' && part.includes('/')) return { why: DEEPER, unasked: false };
  if (only.length > 0 && !matches(only, name)) return { why: 'not in -only', unasked: false };
  if (matches(except, name)) return { why: 'in -except', unasked: false };
  if (/[=\p{Cc}\u2028\u2029]/u.test(name)) return { why: 'no variable can have that name', unasked: true };
  if (style.raw && Buffer.from(part, 'latin1').toString('utf8').includes('\ufffd')) return { why: 'its name is not UTF-8', unasked: true };
  if (runsCode(name) && !matches(allow, name)) return { why: `${name} can make a program run other code`, unasked: true, refused: true };
  return undefined;
}

function variableOf(name: string, kvs: readonly KeyValue[]): Variable {
  for (const { key, value } of kvs) {
    if (value.includes(0)) throw new EtcdError('invalid_value', `${shown(key)} has a NUL byte, which no variable can hold`);
  }
  const parts = kvs.flatMap(({ value }, at) => (at === 0 ? [value] : [Buffer.from(','), value]));
  const revisions = kvs.map(({ modRevision }) => BigInt(modRevision));
  const revision = String(revisions.reduce((newest, one) => (one > newest ? one : newest), 0n));
  return { name, value: Buffer.concat(parts), keys: kvs.map(({ key }) => key), revision };
}

function twice(name: string, one: KeyValue, other: KeyValue): EtcdError {
  return new EtcdError('invalid_value', `${shown(one.key)} and ${shown(other.key)} would both be ${name}`, {
    hint: 'rename one, or leave it out',
  });
}
