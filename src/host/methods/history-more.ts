/** `history_more`: the next changes of a history that is under way. */
import * as v from 'valibot';
import { defineMethod } from './method.js';

export const historyMore = defineMethod({
  failure: 'cannot read all of the history of',
  timeout: 'list',
  params: v.object({
    /** The address, for the message. */
    name: v.string(),
    stream: v.number(),
    /** Changes at the most. */
    max: v.number(),
  }),
  run: ({ stream, max }, { histories }) => histories.more(stream, max),
});
