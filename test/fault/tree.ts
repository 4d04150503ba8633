/** A prefix of keys with a different value each. Whatever a plan does, each value must be somewhere. */
import type { Inspector } from '../harness/inspector.js';
import type { Relay } from '../harness/relay.js';
import type { Ledger } from './ledger.js';

/**
 * Operations that etcd takes in one list. They are so few that a plan of {@link LARGE} keys needs several requests, even if its txns are
 * nested.
 */
export const FEW = ['--max-txn-ops=16'];
/** Keys of a plan that one txn can then hold, and of one that needs several. */
export const [SMALL, LARGE] = [10, 130];

export interface Tree {
  root: string;
  /** Names below `from/`. */
  names: string[];
  /** By key, what another client has made of it; undefined: it has deleted it. */
  theirs: Map<string, string | undefined>;
}

/** @returns the txns that passed meanwhile */
export async function txnsOf(relay: Relay, work: () => Promise<unknown>): Promise<number> {
  let seen = 0;
  relay.onRequest = (piece) => {
    if (piece.includes('/v3/kv/txn')) seen++;
  };
  await work();
  relay.onRequest = undefined;
  return seen;
}

export async function plant(inspector: Inspector, root: string, size: number): Promise<Tree> {
  const names = Array.from({ length: size }, (_, i) => `k${i}`);
  await Promise.all(names.map(async (name) => inspector.put(`${root}from/${name}`, `value of ${name}`)));
  return { root, names, theirs: new Map() };
}

/** Another client changes one key below `from/` or `to/`. */
export async function meddle(
  inspector: Inspector,
  { root, names, theirs }: Tree,
  side = Math.random() < 0.7 ? 'from' : 'to',
): Promise<void> {
  const key = `${root}${side}/${names[Math.floor(Math.random() * names.length)] ?? ''}`;
  const value = Math.random() < 0.7 ? `theirs ${Math.random()}` : undefined;
  // A key that is not known to exist already may be one of ours by now.
  theirs.set(key, value);
  await (value === undefined ? inspector.delete(key) : inspector.put(key, value));
}

/**
 * Checks the places: each value of ours is in its old place or in a new one, each of theirs in its own. @returns how many are in the new
 * one
 */
export async function inspect(ledger: Ledger, { root, names, theirs }: Tree, from: Inspector, to = from): Promise<number> {
  let there = 0;
  for (const name of names) {
    const [oldKey, newKey] = [`${root}from/${name}`, `${root}to/${name}`];
    const [old, now] = await Promise.all([from.get(oldKey), to.get(newKey)]);
    const value = `value of ${name}`;
    const isThere = now?.value.toString() === value;
    if (isThere) there++;
    if (!theirs.has(oldKey))
      ledger.hold(isThere || theirs.has(newKey) || old?.value.toString() === value, `${oldKey}: its value is nowhere`);
    for (const [key, kv] of [[oldKey, old] as const, [newKey, now] as const]) {
      const other = theirs.get(key);
      if (other !== undefined)
        ledger.hold(kv?.value.toString() === other, `${key}: theirs is lost, it holds ${kv?.value.toString() ?? 'nothing'}`);
    }
  }
  return there;
}
