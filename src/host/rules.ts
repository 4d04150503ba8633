/** Rules of a profile for some of its keys: which may be written, and what the user should know before. */
import type { Key } from '../client/index.js';
import { beginningOf, matcherOf } from './patterns.js';
import type { ProfileSettings } from './settings.js';

export interface KeyRule {
  /** A pattern of keys (patterns.ts). */
  keys: string;
  /** Nothing may be put or deleted there. */
  readonly?: boolean;
  /** The user is asked before it is written. */
  confirm?: boolean;
  /** What the user should know of these keys. '' cancels the note of an earlier rule. */
  note?: string;
}

/** What holds for one key. */
export interface Standing {
  readonly: boolean;
  confirm: boolean;
  note?: string;
}

interface Compiled extends KeyRule {
  matches: (key: Key) => boolean;
}

/** By the settings that they come from, because there may be a million keys to look at. */
const compiled = new WeakMap<ProfileSettings, readonly Compiled[]>();

function rulesOf(settings: ProfileSettings): readonly Compiled[] {
  const known = compiled.get(settings);
  if (known) return known;
  const rules = (settings.rules ?? []).map((rule) => ({ ...rule, matches: matcherOf(rule.keys) }));
  compiled.set(settings, rules);
  return rules;
}

/**
 * For each entry the last rule counts that has it and matches, as in a .gitignore. What the profile itself says holds for all of its
 * keys, and no rule changes that.
 */
export function standingOf(settings: ProfileSettings, key: Key): Standing {
  const standing: Standing = { readonly: false, confirm: false };
  for (const { matches, readonly, confirm, note } of rulesOf(settings)) {
    if (!matches(key)) continue;
    if (readonly !== undefined) standing.readonly = readonly;
    if (confirm !== undefined) standing.confirm = confirm;
    if (note !== undefined) standing.note = note;
  }
  if (settings.readonly) standing.readonly = true;
  if (settings.confirm) standing.confirm = true;
  if (standing.note === '') delete standing.note;
  return standing;
}

/** The part that `open` shows. */
export function shownStanding(settings: ProfileSettings, key: Key): Omit<Standing, 'confirm'> {
  const { readonly, note } = standingOf(settings, key);
  return { readonly, ...(note !== undefined && { note }) };
}

/** The beginnings of all keys that any rule is about. */
export function ruledBeginnings(settings: ProfileSettings): Key[] {
  return rulesOf(settings).map(({ keys }) => beginningOf(keys));
}
