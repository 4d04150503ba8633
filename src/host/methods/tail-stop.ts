/** `tail_stop`: ends a `tail`. */
import * as v from 'valibot';
import { defineMethod } from './method.js';

export const tailStop = defineMethod({
  failure: 'cannot stop',
  timeout: 5000,
  always: true,
  params: v.object({ stream: v.number() }),
  run({ stream }, { tails }) {
    tails.stop(stream);
    return {};
  },
});
