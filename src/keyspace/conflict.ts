/** A put that lost: what happened to the key meanwhile, in words, with both revisions. */
import { EtcdError, hexadecimal, type CallOptions, type Client, type KeyValue, type Revision } from '../etcd/index.js';

/** What is known of the key when it was read. */
export interface Before {
  modRevision: Revision;
  /** Of the value that was read; absent where the key was not read at all, but given as the name to write to. */
  digest?: string;
  createRevision?: Revision;
  lease?: string;
}

/**
 * @param theirs what the key is now; undefined where it is gone
 * @returns EtcdError conflict, or lease_not_found where the key went with its lease
 */
export async function conflict(client: Client, before: Before, theirs: KeyValue | undefined, options: CallOptions): Promise<EtcdError> {
  const endpoint = client.endpoint();
  if (!theirs) return gone(client, before, options);
  const { modRevision: now, createRevision: made } = theirs;
  const lost = (message: string, hint: string): EtcdError => new EtcdError('conflict', message, { endpoint, hint, theirsRevision: now });
  if (before.modRevision === '0') {
    const hint = before.digest === undefined ? 'add ! to overwrite it; :split with its name shows it' : TAKE_OR_KEEP;
    return lost(`the key exists, at revision ${now}`, hint);
  }
  if (BigInt(made) > BigInt(before.modRevision)) {
    const since = now === made ? '' : `, and changed at revision ${now}`;
    return lost(`read at revision ${before.modRevision}, deleted since and created again at revision ${made}${since}`, TAKE_OR_KEEP);
  }
  return lost(`read at revision ${before.modRevision}, changed at revision ${now} since`, TAKE_OR_KEEP);
}

/** @returns EtcdError conflict for a put that was carried out, and that another one followed */
export function overwritten(client: Client, written: Revision, theirs: KeyValue | undefined): EtcdError {
  const since = theirs ? `changed at revision ${theirs.modRevision}` : 'deleted';
  return new EtcdError('conflict', `written at revision ${written}, but ${since} since`, {
    endpoint: client.endpoint(),
    hint: TAKE_OR_KEEP,
    writtenRevision: written,
    ...(theirs && { theirsRevision: theirs.modRevision }),
  });
}

const TAKE_OR_KEEP = ':Etcd diff shows both, :e! takes theirs, :w! keeps yours';

async function gone(client: Client, { modRevision, lease = '0' }: Before, options: CallOptions): Promise<EtcdError> {
  const endpoint = client.endpoint();
  const expired = lease !== '0' && (await client.leaseTtl(lease, options).catch(() => 0)) < 0;
  if (expired) {
    return new EtcdError(
      'lease_not_found',
      `read at revision ${modRevision}; its lease ${hexadecimal(lease)} has expired since, and took the key along`,
      {
        endpoint,
        hint: ':w! creates it again, without a lease',
      },
    );
  }
  return new EtcdError('conflict', `it was deleted since it was read at revision ${modRevision}`, {
    endpoint,
    hint: ':w! creates it again',
  });
}
