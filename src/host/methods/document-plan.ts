/** `document_plan`: what a write of a document would do. */
import * as v from 'valibot';
import { planOf } from '../document-plan.js';
import { defineMethod } from './method.js';

const params = v.object({
  /** The address of the document. */
  name: v.string(),
  /** The file with the text. */
  file: v.string(),
  /** What the buffer was read at: the base of that id. The file with its lines is only needed if the answer is `wanted: 'base'`. Without it the text is imported: keys that it does not have stay. */
  base: v.exactOptional(v.object({ id: v.string(), file: v.exactOptional(v.string()), cluster_id: v.string(), seen: v.string() })),
  /** With a base: overwrite what others have changed. Without: make the prefix equal to the text. */
  force: v.exactOptional(v.boolean()),
});
export type DocumentPlan = v.InferOutput<typeof params>;

export const documentPlan = defineMethod({ failure: 'cannot write', timeout: 'write', params, run: planOf });
