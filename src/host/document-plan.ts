/** The write of a document: its plan, and what the next write compares with. */
import { isUtf8 } from 'node:buffer';
import { EtcdError, type Key, type Revision } from '../client/index.js';
import { formatAddress, type Format } from '../keyspace/address.js';
import { changeBase, type BaseChanges, type DocumentBase } from '../keyspace/documents/base.js';
import { planDocument, settle, type MadeChange } from '../keyspace/documents/change.js';
import { differenceIn, differenceOf, type Difference } from '../keyspace/documents/difference.js';
import type { Codec, HeldText } from '../keyspace/documents/entry.js';
import { codecOf } from '../keyspace/documents/formats.js';
import { basesOf, type KeptBase, type OfferedBase } from './bases.js';
import { refuseReadonly } from './door.js';
import type { DocumentPlan } from './methods/document-plan.js';
import type { Host, RequestOptions } from './methods/method.js';
import type { PlanShown } from './plan-shown.js';
import { rooted } from './rooted.js';
import { formatSeen, parseSeen } from './seen.js';
import type { Session } from './session.js';

/** The plans of documents that are being written, by address. Each is kept until it is done, or made again. */
export type Pending = Map<string, PendingChange>;

interface PendingChange extends MadeChange, Wanted {}

/** What a document is to become. */
interface Wanted {
  difference: Difference;
  /** What that is different from. */
  base: DocumentBase | undefined;
  /** The same, if it is kept. */
  kept: KeptBase | undefined;
  /** Its text. */
  text: HeldText | undefined;
}

/** What was asked for cannot be answered without all lines of the base: it is not kept here any more. */
export interface BaseWanted {
  wanted: 'base';
}

/** @throws EtcdError invalid_address if it is not a document of the present; invalid_value with line and column; conflict */
export async function planOf(
  { name, file, base, force = false }: DocumentPlan,
  { session, plans, pending }: Host,
  options: RequestOptions,
): Promise<(PlanShown & { address: string }) | BaseWanted> {
  const { format, revision, ...address } = rooted(session, session.address(name));
  if (format === undefined) throw new EtcdError('invalid_address', 'that is no document', { hint: 'an address of one ends in ?yaml' });
  if (revision !== undefined) {
    throw new EtcdError('invalid_address', 'the past cannot be written', { hint: 'write to the address without rev=' });
  }
  refuseReadonly(session, { profile: address.profile });
  const kept = base && basesOf(session).find(base.id);
  const known = kept?.base ?? (base?.file === undefined ? undefined : basesOf(session).take(base.file));
  if (base && !known) return { wanted: 'base' };
  const wanted = wantedIn(session.bodies().take(file), { prefix: address.key, codec: codecOf(format), base: known, kept });
  const own = base && known && { base: known, seen: parseSeen(base.cluster_id, base.seen) };
  const change = { prefix: address.key, difference: wanted.difference, force, ...own };
  const made = await planDocument(session.client(address.profile), change, options.allow('list'));
  const canonical = formatAddress({ ...address, format });
  pending.set(canonical, { ...made, ...wanted });
  const title = `write ${canonical}`;
  return {
    address: canonical,
    ...(await plans.keep({ title, parts: [{ profile: address.profile, plan: made.plan }], unchecked: force }, options)),
  };
}

/** @throws EtcdError invalid_value if those bytes are no text, or not one of that format */
function wantedIn(
  bytes: Buffer,
  { prefix, codec, ...of }: { prefix: Key; codec: Codec; base: DocumentBase | undefined; kept: KeptBase | undefined },
): Wanted {
  const { base, kept } = of;
  const text = textIn(bytes);
  const compared = kept?.text?.compare(text);
  const difference = compared && kept && differenceIn(prefix, compared, kept.base);
  if (difference) return { ...of, difference, text: compared.other };
  const { entries, held } = codec.decodeHeld?.(text) ?? { entries: codec.decode(text), held: undefined };
  return { ...of, difference: differenceOf(prefix, entries, base), text: held };
}

/** What the editor has to know after a document was written. */
export interface AfterPlan {
  base: OfferedBase;
  keys: number;
  format: Format;
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
  const { profile, key, format = 'yaml' } = rooted(session, session.address(name));
  const changes = made.next(revision);
  if (!atomic) await settle(session.client(profile), changes, { prefix: key, revision }, options.allow('list'));
  const { header } = made;
  const from = header && { cluster_id: header.clusterId, seen: formatSeen(header) };
  return { ...(await baseAfter(session, made, changes)), format, ...from };
}

/** What the next write of the document compares with. */
async function baseAfter(
  session: Session,
  { base, kept, text }: PendingChange,
  changes: BaseChanges,
): Promise<{ base: OfferedBase; keys: number }> {
  const bases = basesOf(session);
  const isKept = kept && bases.find(kept.id) === kept;
  const next = isKept ? kept.base : changeBase(new Map(base), changes);
  const offered = isKept ? await bases.offerChanged(kept, changes, text) : await bases.offer(next, text);
  return { base: offered, keys: next.size };
}

/** @throws EtcdError invalid_value if that is not UTF-8 */
export function textIn(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    throw new EtcdError('invalid_value', 'the document is not in UTF-8', { hint: ':set fileencoding=utf-8' });
  }
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}
