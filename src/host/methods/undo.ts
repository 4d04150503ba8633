/** `undo`: a plan that takes back the last change of this editor that was not taken back yet. */
import * as v from 'valibot';
import type { Key } from '../../client/index.js';
import { elsewhere, nothingShared, undoPlan } from '../../keyspace/plan/undo.js';
import { firstNames, type Namer } from '../../keyspace/plan/words.js';
import { refuseReadonly } from '../door.js';
import { isElsewhere, nothingToUndo, type Entry } from '../journal.js';
import { nameIn } from '../plan-shown.js';
import type { Part } from '../plans.js';
import { defineMethod } from './method.js';

export const undo = defineMethod({
  failure: 'cannot undo',
  timeout: 'read',
  params: v.object({
    /** The number of the change, as `changes` gives it; by default the latest. */
    change: v.exactOptional(v.number()),
    /** Ignore what `g:etcd.validate` says of the values. */
    unchecked: v.exactOptional(v.boolean()),
  }),

  async run({ change, unchecked = false }, { session, plans, journal }, options) {
    const entry = change === undefined ? journal.latest() : journal.entries().find(({ id }) => id === change);
    if (!entry || entry.undone) throw nothingToUndo(change, entry);
    const parts: Part[] = [];
    const notes: string[] = [];
    const shared = nothingShared();
    // The last part is taken back first. So a key that went to another cluster is back there before it is deleted here.
    for (const part of [...entry.parts].reverse()) {
      const { profile, past, seen } = part;
      refuseReadonly(session, { profile });
      shared.isAgain = (key, now, then) => journal.isAgain(part, key, now, then);
      const why = await elsewhere(session.client(profile), past, seen, options.allow('list'));
      if (why !== undefined) throw isElsewhere(entry, profile, why);
      const { plan, refused, unleased } = await undoPlan(session.client(profile), past, options.allow('list'), shared);
      parts.push({ profile, plan });
      notes.push(...refused, ...unleasedLine(unleased, nameIn(profile, entry.parts)));
    }
    // The next undo goes further back.
    if (parts.every(({ plan }) => plan.steps.length === 0)) entry.stuck = true;
    return plans.keep({ title: titleOf(entry), parts, notes, undoes: entry.id, unchecked }, options);
  },
});

/** @param name gives what a key is called */
function unleasedLine(keys: readonly Key[], name: Namer): string[] {
  if (keys.length === 0) return [];
  return [`without a lease, because theirs has ended: ${firstNames(keys, (key) => name({ kind: 'key', key }))}`];
}

/** If an undo is taken back, its change is done again: "redo". */
function titleOf({ title, undoes }: Entry): string {
  if (undoes === undefined) return `undo ${title}`;
  const [, word, what = ''] = /^(undo|redo) (.*)$/s.exec(title) ?? [];
  return `${word === 'undo' ? 'redo' : 'undo'} ${what}`;
}
