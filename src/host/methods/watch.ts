/** `watch`: everything that the editor has open. Events tell when it changes. An empty list ends all watches. */
import * as v from 'valibot';
import { int64 } from '../params.js';
import { defineEarly } from './method.js';

/** The most addresses that are watched. Others are not. */
const MOST = 1000;

export const watch = defineEarly({
  failure: 'cannot watch',
  timeout: 5000,
  params: v.object({
    /** Canonical addresses, the revision of the answer that each was read from, and whether a listing shows more than names. */
    open: v.array(v.object({ name: v.string(), revision: int64, values: v.optional(v.boolean(), false) })),
  }),
  run({ open }, { live }) {
    live.watch(open.slice(0, MOST));
    return {};
  },
});
