/** Judges what happened to keys and buffers: nothing unseen is overwritten, nothing typed is gone, nothing else is touched. */
import type { Happened } from '../../harness/chronicle.js';
import type { Loaded } from '../../harness/invariant.js';
import type { Change } from '../../harness/road.js';
import { keyOf } from '../../harness/trap.js';

/** A text that a buffer had when a command began or had ended. */
export type Seen = [bufnr: number, name: string, text: string];

/** By text: whether it may overwrite what it does not hold, because it was forced, or brought back by undo. */
export type Attempts = Map<string, boolean>;

/** The texts that are written as `value`. The last line may end in a newline, or not. */
const textsOf = (value: string): string[] => [value, ...(value.endsWith('\n') ? [value.slice(0, -1)] : [])];
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
/** What was typed. Each of these occurred nowhere else. */
export const tokensOf = (text: string): string[] => text.match(/\bt\d+\./g) ?? [];

/** Lines of `before` that `after` lacks. */
function lacking(before: string, after: string): string[] {
  const there = new Set(linesOf(after));
  return linesOf(before).filter((line) => !there.has(line));
}

/**
 * @param changes all that was sent @param theirs revisions of the other client
 * @returns a function that judges what is new in all that happened: puts of the editor over values that its text did not come from
 */
export function historian(
  changes: readonly Change[],
  theirs: ReadonlySet<string>,
): (happened: readonly Happened[], attempts: Attempts) => string[] {
  const now = new Map<string, Happened>();
  let seen = 0;
  return (happened, attempts) => {
    const violations: string[] = [];
    for (; seen < happened.length; seen++) {
      const it = happened[seen] as Happened;
      if (!theirs.has(it.revision)) violations.push(...judgePut(it, now.get(it.key), changes, attempts));
      now.set(it.key, it);
    }
    return violations;
  };
}

function judgePut(put: Happened, before: Happened | undefined, changes: readonly Change[], attempts: Attempts): string[] {
  const { key, value, revision } = put;
  if (value === undefined) return [`${key} was deleted at revision ${revision}, by nobody`];
  const had = before?.value === undefined ? undefined : before;
  const base = had?.revision ?? '0';
  const sent = changes.filter((it) => it.key === key && it.value === value);
  const at = `revision ${revision} of ${key}, ${JSON.stringify(value)}`;
  if (!sent.some((it) => it.compares === base))
    return [`${at}: put over revision ${base}, compared with ${sent.map((it) => it.compares ?? 'nothing').join(', ') || 'no request'}`];
  const known = textsOf(value).flatMap((text) => attempts.get(text) ?? []);
  if (known.length === 0) return [`${at}: no buffer had this text`];
  const lost = lacking(had?.value ?? '', value);
  return known.includes(true) || lost.length === 0
    ? []
    : [`${at}: put over ${JSON.stringify(had?.value)}, which its text does not come from`];
}

/** The base of a buffer that is 'modified' and was only added to: all its lines must be in the text. @param happened everything */
export function judgeBase({ bufnr, name, etcd, text }: Loaded, happened: readonly Happened[]): string[] {
  const { address, mod_revision: base } = etcd as Record<string, string | undefined>;
  if (etcd['kind'] !== 'key' || base === '0' || name !== address) return [];
  const key = keyOf(name).toString();
  const read = happened.find((it) => it.key === key && it.revision === base);
  if (read?.value === undefined) return [`buffer ${bufnr}, ${name}: its base ${String(base)} is no put of its key`];
  const lost = lacking(read.value, text.toString());
  return lost.length === 0 ? [] : [`buffer ${bufnr}, ${name}: its base ${String(base)} holds ${lost.join()}, which its text does not`];
}

/** What may be gone: typed texts that were in a buffer before or meanwhile, are in none now, and that etcd never had. */
export function missingTokens(
  before: readonly Loaded[],
  meanwhile: readonly Seen[],
  after: readonly Loaded[],
  happened: readonly Happened[],
): string[] {
  const had = [...before.map(({ text }) => text.toString()), ...meanwhile.map(([, , text]) => text)].flatMap(tokensOf);
  const has = new Set([...after.map(({ text }) => text.toString()), ...happened.map(({ value = '' }) => value)].flatMap(tokensOf));
  return [...new Set(had)].filter((token) => !has.has(token));
}

/**
 * Buffers that no command was about must be unchanged. One that is not 'modified' may be read again, and one that the editor loaded by
 * itself is read when it is entered. holds() says whether that is right.
 * @param about their numbers @param names addresses that commands named
 */
export function judgeOthers(before: readonly Loaded[], after: readonly Loaded[], about: Set<number>, names: Set<string>): string[] {
  const facts = ({ name, etcd, options, text }: Loaded): string =>
    JSON.stringify([name, etcd['mod_revision'], etcd['kind'], options['modified'], text.toString()]);
  const isRead = ({ etcd, options }: Loaded): boolean => /^(key|failed)$/.test(String(etcd['kind'])) && options['modified'] === 0;
  return before.flatMap((was) => {
    const is = after.find((it) => it.bufnr === was.bufnr);
    if (!is || about.has(was.bufnr) || names.has(was.name) || !was.name.startsWith('etcd:') || facts(was) === facts(is)) return [];
    if (isRead(was) && isRead(is) && was.name === is.name) return [];
    return [`buffer ${was.bufnr}, which no command was about, was ${facts(was)} and is ${facts(is)}`];
  });
}

/**
 * What a write that threw nothing named: a put of its key, of a text that the buffer had meanwhile, and no second put.
 * @param done b:etcd after it, by buffer @param from the place in all that happened after which a second put would be one too many
 */
export function judgeReported(
  done: readonly (readonly [bufnr: number, etcd: Record<string, string>])[],
  texts: readonly Seen[],
  happened: readonly Happened[],
  from: number,
): string[] {
  return done.flatMap(([bufnr, { kind, address = '', mod_revision: revision = '' }]) => {
    if (kind !== 'key') return [];
    const put = happened.find((it) => it.revision === revision);
    const written = put?.value === undefined ? [] : textsOf(put.value);
    const had = texts.some(([number, , text]) => number === bufnr && written.includes(text));
    const what = `the write of buffer ${bufnr} named revision ${revision} of ${address}`;
    if (!put || `etcd://${put.key}` !== address || !had) return [`${what}, which is ${JSON.stringify(put)}`];
    const same = happened.slice(from).filter((it) => it.key === put.key && it.value === put.value);
    return same.length > 1 ? [`${what}, and its text was put ${same.length} times`] : [];
  });
}
