/**
 * The one door. Every write passes here, and is refused if the profile or one of its rules does not allow it. The editor asks the user,
 * but only the door knows that there is something to ask.
 */
import { EtcdError, type CallOptions, type Key } from '../client/index.js';
import { encodeSegments, type Address } from '../keyspace/address.js';
import type { Step } from '../keyspace/write/plan.js';
import { keysIn } from './door-ranges.js';
import { openNotes } from './notes.js';
import type { Part } from './plans.js';
import { settingsOf } from './profiles.js';
import { standingOf } from './rules.js';
import type { Session } from './session.js';

/** A profile, or one key of it. */
type Place = Pick<Address, 'profile'> & Partial<Pick<Address, 'key'>>;

/** What the user has to be asked. */
export interface Asked {
  /** The first place that wants a question. */
  first?: Place;
  /** What the user should know of the keys, a line each. */
  notes: string[];
}

/** @throws EtcdError permission_denied for a profile that is read-only, or a key that is read-only by a rule */
export function refuseReadonly(session: Session, { profile, key }: Place): void {
  const settings = session.settings(profile);
  const hint = `see ${settingsOf(profile)}`;
  if (settings.readonly) throw new EtcdError('permission_denied', `${nameOf(profile)} is read-only`, { hint: `${hint}.readonly` });
  if (key === undefined) return;
  const { readonly, note } = standingOf(settings, key);
  if (readonly) throw new EtcdError('permission_denied', `${noted(key, note)} is read-only`, { hint: `${hint}.rules` });
}

/**
 * `preview` and a plan say whether there is a question. If the editor does not ask it, nothing is written.
 * @param keys that are written; empty if only the profile counts
 * @throws EtcdError permission_denied, with `unasked`, if the profile or the rule of a key wants a question and nobody was asked
 */
export function refuseUnasked(session: Session, profile: string, keys: readonly Key[], asked = false): void {
  if (asked) return;
  const settings = session.settings(profile);
  const hint = `see ${settingsOf(profile)}`;
  const ruled = keys.map((key) => ({ key, ...standingOf(settings, key) }));
  const notes = openNotes();
  for (const { key, note } of ruled) notes.add(key, note);
  const unasked = notes.lines();
  if (settings.confirm) {
    const why = `${nameOf(profile)} wants a question before each write, and none was asked`;
    throw new EtcdError('permission_denied', why, { hint: `${hint}.confirm`, unasked });
  }
  const first = ruled.find(({ confirm }) => confirm);
  if (!first) return;
  const why = `${noted(first.key, first.note)} wants a question before it is written, and none was asked`;
  throw new EtcdError('permission_denied', why, { hint: `${hint}.rules`, unasked });
}

/**
 * Checks all keys that the parts of a plan put and delete, even those that are only deleted with their prefix.
 * @throws EtcdError permission_denied with the name of the first key that is read-only, and those of reading the names of a range
 */
export async function passDoor(session: Session, parts: readonly Part[], options: CallOptions): Promise<Asked> {
  let first: Place | undefined;
  const notes = openNotes();
  for (const { profile, plan } of parts) {
    refuseReadonly(session, { profile });
    const settings = session.settings(profile);
    if (settings.confirm) first ??= { profile };
    if (!settings.rules?.length) continue;
    const look = (key: Key): void => {
      const { readonly, confirm, note } = standingOf(settings, key);
      if (readonly) refuseReadonly(session, { profile, key });
      if (confirm) first ??= { profile, key };
      notes.add(key, note);
    };
    // A key whose value is moved has a step of its own, or is in a range.
    for (const step of plan.steps) await lookAt(session, profile, step, look, options);
  }
  return { ...(first && { first }), notes: notes.lines() };
}

async function lookAt(session: Session, profile: string, step: Step, look: (key: Key) => void, options: CallOptions): Promise<void> {
  if (step.op !== 'delete range') look(step.key);
  else await keysIn(session.client(profile), session.settings(profile), step, look, options);
}

function noted(key: Key, note: string | undefined): string {
  return `${encodeSegments(key)}${note === undefined ? '' : ` (${note})`}`;
}

function nameOf(profile: string): string {
  return profile === '' ? 'the default profile' : `profile ${profile}`;
}
