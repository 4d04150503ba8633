/** `stop`: ends a listing that is under way. Names that nobody has taken are forgotten. */
import * as v from 'valibot';
import { defineEarly } from './method.js';

export const stop = defineEarly({
  failure: 'cannot stop',
  timeout: 5000,
  always: true,
  params: v.object({ stream: v.number() }),
  run: ({ stream }, { listings }) => listings.stop(stream),
});
