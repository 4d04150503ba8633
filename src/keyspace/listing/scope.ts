/** What a user who may read only parts of the key space sees of one level: the names that their roles tell, and what they may read. */
import {
  after,
  isBefore,
  prefixEnd,
  TO_THE_END,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type KeyRange,
} from '../../client/index.js';
import { childOf } from './names.js';

export interface Span {
  start: Key;
  end: Key;
}

export interface Scope {
  header: Header;
  /** Children that a role names, because all that it may read there lies below this one prefix. They are shown even if they are empty. */
  names: Key[];
  /** The spans in which the children have to be read, in order. None overlap. */
  spans: Span[];
}

/**
 * @param prefix the listed prefix
 * @param whole the part of the listing that is asked for
 * @throws EtcdError
 */
export async function readScope(client: Client, prefix: Key, whole: Span, options: CallOptions): Promise<Scope> {
  const { header, ranges } = await client.readable(options);
  return { header, ...scopeOf(ranges, prefix, whole) };
}

/** The calculation of readScope(). */
export function scopeOf(ranges: readonly KeyRange[], prefix: Key, whole: Span): Pick<Scope, 'names' | 'spans'> {
  const names: Key[] = [];
  const spans: Span[] = [];
  for (const { key, rangeEnd } of ranges) {
    const span = clip({ start: key, end: rangeEnd ?? after(key) }, whole);
    if (!span) continue;
    const name = childOf(prefix, span.start);
    if (name.endsWith('/') && endsWithin(span.end, prefixEnd(prefix + name))) names.push(name);
    else spans.push(span);
  }
  return { names: [...new Set(names)].sort((a, b) => (a < b ? -1 : 1)), spans: merge(spans) };
}

/**
 * What the roles allow to read of a range, without regard to levels.
 * @returns spans in order, none overlapping; empty if nothing may be read
 */
export function readableSpans(ranges: readonly KeyRange[], whole: Span): Span[] {
  return merge(ranges.flatMap(({ key, rangeEnd }) => clip({ start: key, end: rangeEnd ?? after(key) }, whole) ?? []));
}

function clip(span: Span, whole: Span): Span | undefined {
  const start = span.start > whole.start ? span.start : whole.start;
  const end = endsWithin(span.end, whole.end) ? span.end : whole.end;
  return isBefore(start, end) ? { start, end } : undefined;
}

function endsWithin(end: Key, limit: Key): boolean {
  return limit === TO_THE_END || (end !== TO_THE_END && end <= limit);
}

function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => (a.start < b.start ? -1 : 1))) {
    const last = merged[merged.length - 1];
    if (last && (last.end === TO_THE_END || span.start <= last.end)) {
      if (!endsWithin(span.end, last.end)) last.end = span.end;
    } else {
      merged.push({ ...span });
    }
  }
  return merged;
}
