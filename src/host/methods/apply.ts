/** `apply`: carries out a plan that was made and shown. */
import * as v from 'valibot';
import { defineMethod } from './method.js';

export const apply = defineMethod({
  failure: 'cannot apply',
  timeout: 'write',
  params: v.object({
    plan: v.number(),
    /** Addresses that the editor shows. It is told what happened to them. */
    open: v.exactOptional(v.array(v.string())),
    /** As in `put`. */
    asked: v.exactOptional(v.boolean()),
  }),

  run: ({ plan, open = [], asked = false }, { session, plans }, options) => {
    const began = performance.now();
    const { budget } = options;
    return plans.apply(plan, { open, asked }, options, (done, all) => {
      // Each request has the whole time of a write.
      if (done > 0) options.allow(performance.now() - began + budget);
      if (done > 0) session.push({ event: 'progress', address: 'etcd', count: done, all });
    });
  },
});
