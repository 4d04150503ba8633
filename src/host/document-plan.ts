/** The write of a document: its plan, and what the next write compares with. */
import { isUtf8 } from 'node:buffer';
import { EtcdError, type Revision } from '../client/index.js';
import { formatAddress, type Format } from '../keyspace/address.js';
import { planDocument, settleBase, type MadeChange } from '../keyspace/documents/change.js';
import { codecOf } from '../keyspace/documents/formats.js';
import { basesOf } from './bases.js';
import { refuseReadonly } from './door.js';
import type { DocumentPlan } from './methods/document-plan.js';
import type { Host, RequestOptions } from './methods/method.js';
import type { PlanShown } from './plan-shown.js';
import { rooted } from './rooted.js';
import { formatSeen, parseSeen } from './seen.js';

/** The plans of documents that are being written, by address. Each is kept until it is done, or made again. */
export type Pending = Map<string, MadeChange>;

/** @throws EtcdError invalid_address if it is not a document of the present; invalid_value with line and column; conflict */
export async function planOf(
  { name, file, base, force = false }: DocumentPlan,
  { session, plans, pending }: Host,
  options: RequestOptions,
): Promise<PlanShown & { address: string }> {
  const { format, revision, ...address } = rooted(session, session.address(name));
  if (format === undefined) throw new EtcdError('invalid_address', 'that is no document', { hint: 'an address of one ends in ?yaml' });
  if (revision !== undefined) {
    throw new EtcdError('invalid_address', 'the past cannot be written', { hint: 'write to the address without rev=' });
  }
  refuseReadonly(session, { profile: address.profile });
  const entries = codecOf(format).decode(textIn(session.bodies().take(file)));
  const own = base && { base: basesOf(session).take(base.file), seen: parseSeen(base.cluster_id, base.seen) };
  const change = { prefix: address.key, entries, force, ...own };
  const made = await planDocument(session.client(address.profile), change, options.allow('list'));
  const canonical = formatAddress({ ...address, format });
  pending.set(canonical, made);
  const title = `write ${canonical}`;
  return {
    address: canonical,
    ...(await plans.keep({ title, parts: [{ profile: address.profile, plan: made.plan }], unchecked: force }, options)),
  };
}

/** What the editor has to know after a document was written. */
export interface AfterPlan {
  base: string;
  keys: number;
  format?: Format;
  /** These two are set if anything was read for it. */
  cluster_id?: string;
  seen?: string;
}

/**
 * The plan of that document is done, and its last txn was at `revision`; or it had no steps.
 * @returns the file with the base of the next write
 */
export async function afterPlan(
  { name, revision, atomic }: { name: string; revision: Revision; atomic: boolean },
  { session, pending }: Host,
  options: RequestOptions,
): Promise<AfterPlan> {
  const made = pending.get(name);
  pending.delete(name);
  if (!made) throw new EtcdError('not_found', 'nobody knows what was written', { hint: ':e! reads it anew' });
  const { profile, key, format } = rooted(session, session.address(name));
  const next = made.next(revision);
  if (!atomic) await settleBase(session.client(profile), next, { prefix: key, revision }, options.allow('list'));
  const { header } = made;
  const from = header && { cluster_id: header.clusterId, seen: formatSeen(header) };
  return { base: await basesOf(session).offer(next), keys: next.size, ...(format !== undefined && { format }), ...from };
}

/** @throws EtcdError invalid_value if that is not UTF-8 */
export function textIn(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    throw new EtcdError('invalid_value', 'the document is not in UTF-8', { hint: ':set fileencoding=utf-8' });
  }
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}
