/** `document_written`: the plan of a document was carried out. It answers what the next write compares with. */
import * as v from 'valibot';
import { afterPlan } from '../document-plan.js';
import { int64 } from '../params.js';
import { defineMethod } from './method.js';

export const documentWritten = defineMethod({
  failure: 'cannot note what was written of',
  timeout: 'write',
  params: v.object({
    /** The canonical address. */
    name: v.string(),
    /** The revision of the last txn; '0' if nothing was sent. */
    revision: int64,
    /** All of it was done by one txn. */
    atomic: v.boolean(),
  }),
  run: afterPlan,
});
