/** A plan as the editor shows it before anything happens. */
import { encodeKey, encodeSegments, formatAddress } from '../keyspace/address.js';
import { firstLines, MOST_LINES, wordsOf, type Counts, type Namer, type Words } from '../keyspace/plan/words.js';
import type { MadePlan, Part } from './plans.js';

/** What the editor gets of a plan. */
export interface PlanShown {
  /** Its number, for `apply`; 0: there is nothing to do. */
  plan: number;
  title: string;
  /** The profile, or both. */
  cluster: string;
  /** First the notes, then a line for each step. If there are more than 500 lines, the last says how many more there are. */
  lines: string[];
  /** How many lines there would be if none were left out. */
  all: number;
  counts: Counts;
  keys: number;
  ask: 'none' | 'line' | 'show';
  question: string;
  /** A profile wants a question, even with !. */
  confirm: boolean;
}

/** What there is to show of it; the caller adds the number. */
export function showPlan({ title, parts, notes = [] }: MadePlan): Omit<PlanShown, 'plan' | 'confirm'> {
  const cluster = [...new Set(parts.map(({ profile }) => clusterName(profile)))].join(', ');
  const words = parts.map((part) => wordsOf(part.plan, nameIn(part.profile, parts)));
  const counts = words.reduce((sum, of) => added(sum, of.counts), { put: 0, delete: 0, move: 0, copy: 0 });
  const keys = words.reduce((sum, of) => sum + of.keys, 0);
  const [first] = parts;
  const isLine = parts.length === 1 && first?.plan.steps.every(({ op }) => op !== 'delete range') && keys === 1 && notes.length === 0;
  const lines = [...notes, ...words.flatMap((of) => of.lines)];
  const all = words.reduce((sum, of) => sum + of.all, notes.length);
  const ask = keys === 0 && parts.length === 0 ? 'none' : isLine ? 'line' : 'show';
  return {
    title,
    cluster,
    lines: firstLines(lines, MOST_LINES, all),
    all,
    counts,
    keys,
    ask,
    question: questionOf(title, cluster, words, ask),
  };
}

function questionOf(title: string, cluster: string, words: Words[], ask: PlanShown['ask']): string {
  const [line = title] = words[0]?.lines ?? [];
  return ask === 'line' ? `${capital(line)} (${cluster})?` : `${capital(title)} (${cluster})?`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function added(a: Counts, b: Counts): Counts {
  return { put: a.put + b.put, delete: a.delete + b.delete, move: a.move + b.move, copy: a.copy + b.copy };
}

/** What the user calls the cluster of a profile. */
export function clusterName(profile: string): string {
  return profile === '' ? 'default' : profile;
}

type OfProfile = Pick<Part, 'profile'>;

/** Whether all parts of a plan are of one profile. */
export function isOneProfile(parts: readonly OfProfile[]): boolean {
  return parts.every(({ profile }) => profile === parts[0]?.profile);
}

/** What keys of `profile` are called. It is short if all parts are of one profile. */
export function nameIn(profile: string, parts: readonly OfProfile[]): Namer {
  if (!isOneProfile(parts)) return (place) => formatAddress({ profile, ...place });
  return ({ kind, key }) => (kind === 'key' ? encodeKey(key) : encodeSegments(key));
}
