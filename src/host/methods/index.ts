/** Every method that the editor can call, by its name. */
import { apply } from './apply.js';
import { at } from './at.js';
import { blame } from './blame.js';
import { canonical } from './canonical.js';
import { changes } from './changes.js';
import { complete } from './complete.js';
import { configure } from './configure.js';
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
import { heard } from './heard.js';
import { hello } from './hello.js';
import { info } from './info.js';
import { historyMore } from './history-more.js';
import { historyStop } from './history-stop.js';
import { history } from './history.js';
import { leave } from './leave.js';
import { lease } from './lease.js';
import { leases } from './leases.js';
import { log } from './log.js';
import { login } from './login.js';
import { merge } from './merge.js';
import { more } from './more.js';
import { names } from './names.js';
import { open } from './open.js';
import { preview } from './preview.js';
import { put } from './put.js';
import { read } from './read.js';
import { remove } from './remove.js';
import { rename } from './rename.js';
import { search } from './search.js';
import { sort } from './sort.js';
import { restore } from './restore.js';
import { revoke } from './revoke.js';
import { status } from './status.js';
import { stop } from './stop.js';
import { tailMore } from './tail-more.js';
import { tailStop } from './tail-stop.js';
import { tail } from './tail.js';
import { theirs } from './theirs.js';
import { ttl } from './ttl.js';
import { undo } from './undo.js';
import { warm } from './warm.js';
import { watch } from './watch.js';

export const methods = {
  hello,
  configure,
  open,
  more,
  names,
  stop,
  read,
  put,
  preview,
  theirs,
  merge,
  login,
  status,
  complete,
  edit_plan: editPlan,
  env,
  search,
  found,
  leave,
  warm,
  watch,
  heard,
  tail,
  tail_more: tailMore,
  tail_stop: tailStop,
  describe,
  format,
  sort,
  info,
  canonical,
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

export type MethodName = keyof typeof methods;
