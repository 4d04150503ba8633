/** `search`: the lines of values, or the names of keys, below a prefix that match a pattern. */
import * as v from 'valibot';
import { decodeSegments } from '../../keyspace/address.js';
import type { Pattern } from '../../keyspace/search/pattern.js';
import { defineMethod } from './method.js';
import { rooted } from '../rooted.js';

const params = v.object({
  /** An address, as typed or canonical. All keys that begin with its key are searched. */
  name: v.string(),
  what: v.picklist(['values', 'names']),
  kind: v.picklist(['text', 'regexp', 'glob']),
  pattern: v.string(),
  /** The flags of a regular expression. */
  flags: v.exactOptional(v.string()),
  /** Hits at the most. */
  max: v.number(),
  /** The editor takes the rest by `found`. */
  stream: v.exactOptional(v.boolean()),
});

export const search = defineMethod({
  failure: 'cannot search',
  timeout: 'list',
  params,
  run({ name, what, max, stream = false, ...given }, { session, searches }, options) {
    const address = rooted(session, session.address(name));
    return searches.begin(session.client(address.profile), address, { what, pattern: patternOf(what, given), max, stream }, options);
  },
});

function patternOf(
  what: 'values' | 'names',
  { kind, pattern, flags = '' }: { kind: Pattern['kind']; pattern: string; flags?: string },
): Pattern {
  switch (kind) {
    case 'text':
      // A name is typed as it is shown, with %XX. "./" comes before a name that does not begin with a slash.
      return { kind, text: what === 'names' ? Buffer.from(decodeSegments(pattern.replace(/^\.\/(?=.)/, '')), 'latin1') : pattern };
    case 'glob':
      return { kind, glob: pattern };
    case 'regexp':
      return { kind, source: pattern, flags };
  }
}
