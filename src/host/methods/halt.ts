/** `halt`: ends a plan that is being applied, after the current request. `apply` then answers what was done. */
import * as v from 'valibot';
import { defineMethod } from './method.js';

export const halt = defineMethod({
  failure: 'cannot stop',
  timeout: 5000,
  always: true,
  params: v.object({ plan: v.number() }),
  run({ plan }, { plans }) {
    plans.halt(plan);
    return {};
  },
});
