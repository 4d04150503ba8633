/**
 * The methods that an editor needs only after it has shown something, by their names. They have a file of their own in dist/, which is
 * loaded with the first request of one of them. A host that shows one value starts sooner without it.
 */
import { createHistories } from '../histories.js';
import { createJournal } from '../journal.js';
import { createPlans } from '../plans.js';
import { createSearches } from '../searches.js';
import { createTails } from '../tails.js';
import { apply } from './apply.js';
import { at } from './at.js';
import { blame } from './blame.js';
import { changes } from './changes.js';
import { documentPlan } from './document-plan.js';
import { documentWritten } from './document-written.js';
import { editPlan } from './edit-plan.js';
import { env } from './env.js';
import { forget } from './forget.js';
import { halt } from './halt.js';
import { describe } from './describe.js';
import { found } from './found.js';
import { format } from './format.js';
import { health } from './health.js';
import { info } from './info.js';
import { historyMore } from './history-more.js';
import { historyStop } from './history-stop.js';
import { history } from './history.js';
import { leave } from './leave.js';
import { lease } from './lease.js';
import { leases } from './leases.js';
import { log } from './log.js';
import { merge } from './merge.js';
import { names } from './names.js';
import { preview } from './preview.js';
import { put } from './put.js';
import { remove } from './remove.js';
import { rename } from './rename.js';
import { search } from './search.js';
import { sort } from './sort.js';
import { restore } from './restore.js';
import { revoke } from './revoke.js';
import { status } from './status.js';
import { tailMore } from './tail-more.js';
import { tailStop } from './tail-stop.js';
import { tail } from './tail.js';
import { theirs } from './theirs.js';
import { ttl } from './ttl.js';
import { undo } from './undo.js';
import type { EarlyHost, LateHost } from './method.js';

/** Only few addresses are one of these. */
export { openDocument, readDocument } from '../documents.js';
export { openEdit } from '../edits.js';
export { openGone } from '../gone.js';

export const methods = {
  names,
  put,
  preview,
  theirs,
  merge,
  status,
  edit_plan: editPlan,
  env,
  search,
  found,
  leave,
  tail,
  tail_more: tailMore,
  tail_stop: tailStop,
  describe,
  format,
  sort,
  info,
  health,
  log,
  at,
  blame,
  history,
  history_more: historyMore,
  history_stop: historyStop,
  restore,
  lease,
  leases,
  revoke,
  ttl,
  apply,
  document_plan: documentPlan,
  document_written: documentWritten,
  halt,
  forget,
  remove,
  rename,
  undo,
  changes,
};

/** What these methods share besides, before the first request. */
export function openLate({ session, listings }: EarlyHost): LateHost {
  const journal = createJournal();
  return {
    journal,
    plans: createPlans(session, listings, journal),
    histories: createHistories(),
    searches: createSearches(session),
    tails: createTails(session),
    pending: new Map(),
  };
}
