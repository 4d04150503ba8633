/** The keys that a range delete removes, as far as a rule may be about them. */
import { EtcdError, firstKey, isBefore, prefixEnd, type CallOptions, type Client, type Key } from '../client/index.js';
import { encodeSegments } from '../keyspace/address.js';
import type { Span } from '../keyspace/listing/scope.js';
import { streamEntries } from '../keyspace/search/read.js';
import type { DeleteRangeStep } from '../keyspace/write/plan.js';
import { ruledBeginnings } from './rules.js';
import type { ProfileSettings } from './settings.js';

/**
 * Reads only names, at the revision that the step was decided on; a newer key ends the plan anyway. If no rule is about any of the
 * keys, nothing is read.
 * @param look gets each key once
 * @throws EtcdError what `look` throws; permission_denied if not all of the keys may be read; and those of reading
 */
export async function keysIn(
  client: Client,
  settings: ProfileSettings,
  { key, rangeEnd, revision }: DeleteRangeStep,
  look: (key: Key) => void,
  options: CallOptions,
): Promise<void> {
  for (const { start, end } of spansOf(ruledBeginnings(settings), { start: key, end: rangeEnd })) {
    const request = { start, end, revision, keysOnly: true };
    let refused: unknown;
    const { scoped } = await streamEntries(
      client,
      request,
      (entries) => {
        // If our own refusal were thrown here, it would look like one of etcd.
        refused ??= refusalOf(entries, look);
      },
      options,
    );
    if (refused !== undefined) throw refused as Error;
    if (!scoped) continue;
    const why = `not all keys below ${encodeSegments(key)} may be read, and a rule may be about one of them`;
    throw new EtcdError('permission_denied', why, { endpoint: client.endpoint() });
  }
}

/** @returns what `look` throws, if it throws */
function refusalOf(entries: readonly { key: Key }[], look: (key: Key) => void): unknown {
  try {
    for (const { key } of entries) look(key);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

/** The parts of the span that have keys with one of these beginnings, in order, none twice. */
function spansOf(beginnings: readonly Key[], whole: Span): Span[] {
  const cut = beginnings
    .map((beginning) => ({ start: firstKey(beginning), end: prefixEnd(beginning) }))
    .filter(({ start, end }) => isBefore(start, whole.end) && isBefore(whole.start, end))
    .map(({ start, end }) => ({ start: start < whole.start ? whole.start : start, end: earlier(end, whole.end) }))
    .sort((a, b) => (a.start < b.start ? -1 : 1));
  const spans: Span[] = [];
  for (const span of cut) {
    const before = spans.at(-1);
    if (before && isBefore(span.start, before.end)) before.end = earlier(before.end, span.end) === before.end ? span.end : before.end;
    else spans.push(span);
  }
  return spans;
}

function earlier(a: Key, b: Key): Key {
  return a !== '\0' && isBefore(a, b) ? a : b;
}
