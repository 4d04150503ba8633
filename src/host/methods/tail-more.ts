/** `tail_more`: the lines of a `tail` that have come since the last time. */
import * as v from 'valibot';
import { defineMethod } from './method.js';

export const tailMore = defineMethod({
  failure: 'cannot watch',
  timeout: 5000,
  params: v.object({ stream: v.number() }),
  run: ({ stream }, { tails }) => tails.more(stream),
});
