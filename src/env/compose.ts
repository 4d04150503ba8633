/** What a command gets: the variables from etcd, and its part of our own environment. */
import { EtcdError } from '../client/index.js';
import type { Written } from './formats/index.js';
import { matches } from './globs.js';
import { shown } from './read.js';
import type { Left, Variable, Variables } from './variables.js';

export interface Rules {
  /** Inherited variables win over etcd. */
  keep: boolean;
  /** Nothing is inherited except what `pass` names (globs). */
  pristine: boolean;
  pass: readonly string[];
  /** Variables that win over both. */
  set: readonly (readonly [name: string, value: string])[];
  /** Names that must exist in the end. */
  require: readonly string[];
}

export interface Composed {
  /** From etcd. */
  variables: Variable[];
  left: Left[];
  /** Everything that is set: {@link variables} and those of `set`. */
  set: Written[];
  /** Inherited names that are dropped. */
  unset: string[];
}

/**
 * @param inherited names
 * @throws EtcdError not_found, which names the required variables that are missing
 */
export function compose({ variables, left }: Variables, inherited: ReadonlySet<string>, rules: Rules): Composed {
  const isKept = ({ name }: Variable): boolean => rules.keep && inherited.has(name);
  const kept = variables.filter(isKept);
  const taken = variables.filter((variable) => !isKept(variable));
  const all = new Map<string, Written>(taken.map(({ name, value }) => [name, { name, value }]));
  for (const [name, value] of rules.set) all.set(name, { name, value: Buffer.from(value) });
  const unset = rules.pristine ? [...inherited].filter((name) => !all.has(name) && !matches(rules.pass, name)) : [];
  const missing = rules.require.filter((name) => !all.has(name) && (!inherited.has(name) || unset.includes(name)));
  if (missing.length > 0)
    throw new EtcdError('not_found', `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} required, and not there`);
  const why = 'the environment has it, and -keep is set';
  return {
    variables: taken,
    left: [...left, ...kept.flatMap(({ name, keys }) => keys.map((key) => ({ key, name, why, unasked: false })))],
    set: [...all.values()],
    unset,
  };
}

/** Why it is left out, and which flag would take it. */
export function reasonOf({ name, why, refused }: Left): string {
  return refused ? `${why}; -allow=${name}` : why;
}

/** Where each variable comes from, and what is left out. It never shows a value. */
export function explain({ variables, left }: Composed): string {
  const rows = [
    ...variables.map(({ name, keys, revision }) => `${name}\t${keys.map(shown).join(',')}\trev ${revision}\n`),
    ...left.map((key) => `${key.name || '-'}\t${shown(key.key)}\tnot set: ${reasonOf(key)}\n`),
  ];
  return rows.map((row) => row.replaceAll(/(?![\t\n])\p{Cc}/gu, '?')).join('');
}
