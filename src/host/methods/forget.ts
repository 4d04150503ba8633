/** `forget`: a plan that was shown is not wanted. */
import * as v from 'valibot';
import { defineMethod } from './method.js';

export const forget = defineMethod({
  failure: 'cannot forget',
  timeout: 5000,
  always: true,
  params: v.object({ plan: v.number() }),
  run({ plan }, { plans }) {
    plans.forget(plan);
    return {};
  },
});
