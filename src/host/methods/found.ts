/** `found`: the next hits of a search that is under way. */
import * as v from 'valibot';
import { defineMethod } from './method.js';

export const found = defineMethod({
  failure: 'cannot search all of',
  timeout: 'list',
  params: v.object({
    /** The address of the prefix. */
    name: v.string(),
    stream: v.number(),
    /** Hits at the most. */
    max: v.number(),
  }),
  run: ({ stream, max }, { searches }) => searches.found(stream, max),
});
