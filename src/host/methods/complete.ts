/** `complete`: how the beginning of an address can go on. */
import * as v from 'valibot';
import { completeAddress } from '../../keyspace/listing/completion.js';
import type { LevelRequest } from '../../keyspace/listing/level.js';
import { defineEarly } from './method.js';

export interface Completed {
  stem: string;
  names: string[];
  /** There are more names than these. */
  more: boolean;
  /** The directory in which `text` can be completed as a file name; absent if files cannot have these names. */
  shadow?: string;
}

export const complete = defineEarly({
  failure: 'cannot complete',
  timeout: 'complete',
  params: v.object({
    /** The beginning of an address. */
    text: v.string(),
    /** Names at the most. */
    max: v.number(),
    /** Also create the candidates as empty files and directories, for the editor's own file completion. */
    shadow: v.exactOptional(v.boolean()),
  }),

  async run({ text, max, shadow }, { session, listings }, options): Promise<Completed> {
    const list = (profile: string, request: LevelRequest) => listings.complete(profile, request, options);
    const found = await completeAddress(text, session.profiles(), list, max, session.short());
    const isReadable = session.isUnicode() || isAscii(found.stem + found.names.join(''));
    // File names are completed at their end, but an address of the past continues before its revision.
    if (!shadow || found.more || !isReadable || text.includes('?')) return found;
    const directory = session.bodies().shadow(found.stem, found.names);
    return { ...found, ...(directory !== undefined && { shadow: directory }) };
  },
});

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
