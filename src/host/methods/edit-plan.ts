/** `edit_plan`: the plan of an edited listing. It is shown, and `apply` carries it out. */
import * as v from 'valibot';
import { planEdits } from '../edits.js';
import { defineMethod } from './method.js';

const buffer = v.object({
  /** Its address, canonical. */
  name: v.string(),
  /** The file with the numbered lines that it began with. */
  base: v.string(),
  /** The file with the lines that it has now; absent if they are the same. */
  text: v.exactOptional(v.string()),
  cluster_id: v.string(),
  seen: v.string(),
});
export type EditedBuffer = v.InferOutput<typeof buffer>;

const params = v.object({
  /** The name of the first buffer, for messages. */
  name: v.string(),
  /** The open ones of one profile. The first is the one that is written. */
  buffers: v.pipe(v.array(buffer), v.minLength(1)),
  /** Delete what has changed since, and overwrite what is there. */
  force: v.exactOptional(v.boolean()),
});
export type PlanEdit = v.InferOutput<typeof params>;

export const editPlan = defineMethod({
  failure: 'not written:',
  timeout: 'read',
  params,
  run: (request, { session, plans }, options) => planEdits(session, plans, request, options.allow('list')),
});
