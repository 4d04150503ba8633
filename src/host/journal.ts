/** What this editor has changed, newest last. An undo can take these changes back. */
import { EtcdError, type Header, type Key, type Revision } from '../client/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import { pastOf, type Past } from '../keyspace/plan/past.js';
import type { AppliedPart } from './plan-done.js';
import { clusterName } from './plan-shown.js';
import type { MadePlan } from './plans.js';

/** Changes of one cluster. */
export interface PastPart {
  profile: string;
  /** The header of an answer of that cluster. Its revisions mean nothing in another one. */
  seen: Header;
  past: Past[];
}

type OfCluster = Pick<PastPart, 'profile' | 'seen'>;

export interface Entry {
  id: number;
  /** What it did, in a few words. */
  title: string;
  /** How many were changed. */
  keys: number;
  /** ms since 1970. */
  at: number;
  /** In the order in which they were done. */
  parts: PastPart[];
  /** It was taken back. */
  undone: boolean;
  /** An undo has found that none of it can be taken back. */
  stuck?: boolean;
  /** The entry that it took back. */
  undoes?: number;
}

export interface Journal {
  /** @param applied what was done of the plan; if that is nothing, nothing is added */
  add(made: Pick<MadePlan, 'title' | 'undoes'>, applied: readonly AppliedPart[], keys: number): void;
  /** A value was written, at the revision of `seen`. */
  addPut(address: Pick<Address, 'profile' | 'key'>, seen: Header): void;
  entries(): readonly Entry[];
  /** The newest entry that can be taken back, was not taken back yet, and is no undo itself. */
  latest(): Entry | undefined;
  /** Whether the key, now at revision `now`, is what it was at `then`: the revision is the same, or undos have made it so. */
  isAgain(part: OfCluster, key: Key, now: Revision, then: Revision): boolean;
  clear(): void;
}

/** The most entries that are kept. */
const MOST = 200;

/** Nothing is done yet. */
export function createJournal(): Journal {
  let entries: Entry[] = [];
  let last = 0;

  function push(entry: Omit<Entry, 'id' | 'at' | 'undone'>): void {
    entries = [...entries, { ...entry, id: ++last, at: Date.now(), undone: false }].slice(-MOST);
  }

  /** If an undo is taken back, the change that it took back is done again. If that was an undo, too, its own change is undone again. */
  function takeBack(id: number | undefined): void {
    let [entry, undone] = [entries.find((it) => it.id === id), true];
    for (; entry; undone = !undone) {
      entry.undone = undone;
      const { undoes } = entry;
      entry = entries.find((it) => it.id === undoes);
    }
  }

  return {
    add({ title, undoes }, applied, keys) {
      const parts = applied
        .map(({ profile, of }) => ({ profile, seen: of.header, past: pastsOf(of.done) }))
        .filter(({ past }) => past.length > 0);
      if (parts.length === 0) return;
      push({ title, keys, parts, ...(undoes !== undefined && { undoes }) });
      const isWhole = applied.every(({ of }) => of.left.length === 0);
      if (isWhole) takeBack(undoes);
    },
    addPut({ profile, key }, seen) {
      const parts = [{ profile, seen, past: [putOf(key, seen.revision)] }];
      push({ title: `write ${formatAddress({ profile, kind: 'key', key })}`, keys: 1, parts });
    },
    entries: () => entries,
    latest: () => entries.findLast(({ undone, stuck, undoes }) => !undone && !stuck && undoes === undefined),
    isAgain(part, key, now, then) {
      let at = now;
      // An undo may restore what an earlier undo has put.
      for (const { parts } of [...entries].reverse()) {
        if (at === then) break;
        const here = parts.filter((it) => isOfOne(it, part));
        at = restoredBy(here, key, at) ?? at;
      }
      return at === then;
    },
    clear: () => void (entries = []),
  };
}

function isOfOne(a: OfCluster, b: OfCluster): boolean {
  return a.profile === b.profile && a.seen.clusterId === b.seen.clusterId;
}

/** The revision that one of the parts restored, if it put the key at `revision` for that. */
function restoredBy(parts: readonly PastPart[], key: Key, revision: Revision): Revision | undefined {
  for (const { past } of parts)
    for (const one of past) {
      if (one.revision !== revision) continue;
      const restores = one.keys.find((it) => it.key === key)?.restores;
      if (restores !== undefined) return restores;
    }
  return undefined;
}

/** The txns that have changed anything. */
function pastsOf(done: AppliedPart['of']['done']): Past[] {
  return done.map(pastOf).filter(({ keys, ranges }) => keys.length + ranges.length > 0);
}

function putOf(key: Key, revision: Revision): Past {
  return { revision, exact: true, keys: [{ key, isPut: true }], ranges: [] };
}

/** A host that was started anew does not know what the editor did before. */
const SINCE = 'the list of changes is as old as the Node process';

/** @param id the number, if the user gave one @param entry the entry with that number @returns EtcdError not_found */
export function nothingToUndo(id: number | undefined, entry: Entry | undefined): EtcdError {
  if (id === undefined) return new EtcdError('not_found', `nothing is known that can be taken back; ${SINCE}`);
  const why = entry ? `change ${id} was taken back already: ${entry.title}` : `there is no change ${id}`;
  return new EtcdError('not_found', why, { hint: ':Etcd changes lists them' });
}

/** @returns EtcdError cluster_changed, with the reason that elsewhere() of keyspace/plan/undo.ts gave */
export function isElsewhere({ title }: Entry, profile: string, why: string): EtcdError {
  const hint = 'nothing was taken back; :Etcd changes lists what else there is, :Etcd undo N takes it back';
  return new EtcdError('cluster_changed', `${title}: that was done in another cluster of the profile ${clusterName(profile)}: ${why}`, {
    hint,
  });
}
