/** Documents for the editor: a prefix as text in one file, and in another file what a write of it will compare with. */
import { objection, type CallOptions, type Client, type Revision } from '../client/index.js';
import { formatAddress, type Address, type Format } from '../keyspace/address.js';
import type { DocumentBase } from '../keyspace/documents/base.js';
import type { HeldText } from '../keyspace/documents/entry.js';
import { showDocument } from '../keyspace/documents/show.js';
import { basesOf, type OfferedBase } from './bases.js';
import { log } from './log.js';
import type { TheirsDone } from './methods/theirs.js';
import { formatSeen, parseSeen } from './seen.js';
import type { Session } from './session.js';

type DocumentAddress = Address & { format: Format };

/** What `open` answers for a document. */
export interface OpenedDocument {
  kind: 'document';
  address: string;
  format: Format;
  /** The document. */
  file: string;
  /** Any editor shows it without loss, as in ShownValue. */
  plain: boolean;
  /** What `document_plan` wants back. The editor keeps it as long as the text. Absent if the document cannot be written back. */
  base?: OfferedBase;
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

/** Puts a document into a file, with what a write of it will compare with. @throws as showDocument() */
export async function openDocument(
  session: Session,
  client: Client,
  address: DocumentAddress,
  options: CallOptions,
): Promise<OpenedDocument> {
  const { document, base, held } = await showIn(session, client, address, options);
  if (!base) return document;
  try {
    return { ...document, base: await basesOf(session).offer(base, held) };
  } catch (thrown) {
    session.bodies().withdraw(document.file);
    throw thrown;
  }
}

/** A document in a file. */
interface InFile {
  document: OpenedDocument;
  /** Absent if it cannot be written back. */
  base?: DocumentBase;
  held: HeldText | undefined;
}

async function showIn(session: Session, client: Client, address: DocumentAddress, options: CallOptions): Promise<InFile> {
  const { key: prefix, format, revision } = address;
  const body = session.bodies().begin();
  try {
    const request = { prefix, format, ...(revision !== undefined && { revision }) };
    const { base, header, held, ...shown } = await showDocument(client, request, (part) => body.write(part), options);
    log(`read ${formatAddress(address)}: ${shown.keys} keys at revision ${shown.revision}`);
    const past = revision !== undefined;
    const readonly = (session.settings(address.profile).readonly ?? false) || (base === undefined && !past);
    const of = { cluster_id: header.clusterId, seen: formatSeen(header), past, readonly, stale: false, ...shown };
    const document = { kind: 'document' as const, address: formatAddress(address), format, ...body.end(), ...of };
    return { document, ...(base && !past && { base }), held };
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
  address: DocumentAddress,
  from: { cluster_id: string; seen: string } | undefined,
  options: CallOptions,
): Promise<TheirsDone> {
  const theirs = await openDocument(session, session.client(address.profile), address, options);
  const now = parseSeen(theirs.cluster_id, theirs.seen);
  const foreign = from !== undefined && objection(parseSeen(from.cluster_id, from.seen), now) !== undefined;
  return { address: theirs.address, foreign, theirs, base: null };
}

/** The same for callers that only want the text. */
export async function readDocument(session: Session, address: DocumentAddress, options: CallOptions): Promise<OpenedDocument> {
  return (await showIn(session, session.client(address.profile), address, options)).document;
}
