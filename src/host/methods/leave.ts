/** `leave`: ends a search that is under way. Hits that nobody has taken are forgotten. */
import * as v from 'valibot';
import { defineMethod } from './method.js';

export const leave = defineMethod({
  failure: 'cannot stop',
  timeout: 5000,
  always: true,
  params: v.object({ stream: v.number() }),
  run: ({ stream }, { searches }) => searches.stop(stream),
});
