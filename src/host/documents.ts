/** Documents for the editor: a prefix as text in one file, and in another file what a write of it will compare with. */
import { objection, type CallOptions, type Client, type Revision } from '../client/index.js';
import { formatAddress, type Address, type Format } from '../keyspace/address.js';
import { showDocument } from '../keyspace/documents/show.js';
import { basesOf } from './bases.js';
import { log } from './log.js';
import type { TheirsDone } from './methods/theirs.js';
import { formatSeen, parseSeen } from './seen.js';
import type { Session } from './session.js';

/** What `open` answers for a document. */
export interface OpenedDocument {
  kind: 'document';
  address: string;
  format: Format;
  /** The document. */
  file: string;
  /** Any editor shows it without loss, as in ShownValue. */
  plain: boolean;
  /**
   * A file that `document_plan` wants back. The editor keeps its contents as long as the text. Absent if the document cannot be written
   * back.
   */
  base?: string;
  keys: number;
  bytes: number;
  revision: Revision;
  cluster_id: string;
  seen: string;
  past: boolean;
  readonly: boolean;
  stale: boolean;
  scoped: boolean;
}

/** Puts a document into a file. @throws as showDocument() */
export async function openDocument(
  session: Session,
  client: Client,
  address: Address & { format: Format },
  options: CallOptions,
): Promise<OpenedDocument> {
  const { key: prefix, format, revision } = address;
  const body = session.bodies().begin();
  try {
    const request = { prefix, format, ...(revision !== undefined && { revision }) };
    const shown = await showDocument(client, request, (part) => body.write(part), options);
    log(`read ${formatAddress(address)}: ${shown.keys} keys at revision ${shown.revision}`);
    const past = revision !== undefined;
    const base = shown.base && !past ? await basesOf(session).offer(shown.base) : undefined;
    return {
      kind: 'document',
      address: formatAddress(address),
      format,
      ...body.end(),
      ...(base !== undefined && { base }),
      keys: shown.keys,
      revision: shown.revision,
      cluster_id: shown.header.clusterId,
      seen: formatSeen(shown.header),
      past,
      readonly: (session.settings(address.profile).readonly ?? false) || (base === undefined && !past),
      stale: false,
      scoped: shown.scoped,
    };
  } catch (thrown) {
    body.drop();
    throw thrown;
  }
}

/**
 * The document as it is now, to be shown beside its buffer.
 * @param from the cluster that the buffer was read from
 * @throws as showDocument()
 */
export async function documentBeside(
  session: Session,
  address: Address & { format: Format },
  from: { cluster_id: string; seen: string } | undefined,
  options: CallOptions,
): Promise<TheirsDone> {
  const theirs = await openDocument(session, session.client(address.profile), address, options);
  const now = parseSeen(theirs.cluster_id, theirs.seen);
  const foreign = from !== undefined && objection(parseSeen(from.cluster_id, from.seen), now) !== undefined;
  return { address: theirs.address, foreign, theirs, base: null };
}

/** The same for callers that only want the text. */
export async function readDocument(session: Session, address: Address & { format: Format }, options: CallOptions): Promise<OpenedDocument> {
  const { base, ...document } = await openDocument(session, session.client(address.profile), address, options);
  if (base !== undefined) session.bodies().withdraw(base);
  return document;
}
