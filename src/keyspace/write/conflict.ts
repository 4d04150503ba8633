/** A put that lost: what happened to the key meanwhile, in words, with both revisions. */
import { EtcdError, hexadecimal, type CallOptions, type Client, type KeyValue, type Revision } from '../../client/index.js';
import { hasEnded } from '../lease/ended.js';

/** What is known of the key when it was read. */
export interface Before {
  modRevision: Revision;
  /** Of the value that was read; absent if the key was not read, and only named as the one to write to. */
  digest?: string;
  createRevision?: Revision;
  lease?: string;
}

/**
 * @param theirs what the key is now; undefined if it is gone
 * @returns EtcdError conflict, or lease_not_found if the key went with its lease
 */
export async function conflict(client: Client, before: Before, theirs: KeyValue | undefined, options: CallOptions): Promise<EtcdError> {
  const endpoint = client.endpoint();
  if (!theirs) return gone(client, before, options);
  const { modRevision: now, createRevision: made } = theirs;
  const lost = (message: string, reason: 'exists' | 'both_changed'): EtcdError =>
    new EtcdError('conflict', message, { endpoint, subject: { reason }, theirsRevision: now });
  if (before.modRevision === '0') {
    return lost(`the key exists, at revision ${now}`, before.digest === undefined ? 'exists' : 'both_changed');
  }
  if (BigInt(made) > BigInt(before.modRevision)) {
    const since = now === made ? '' : `, and changed at revision ${now}`;
    return lost(`read at revision ${before.modRevision}, deleted since and created again at revision ${made}${since}`, 'both_changed');
  }
  return lost(`read at revision ${before.modRevision}, changed at revision ${now} since`, 'both_changed');
}

/** @returns EtcdError conflict for a put that was carried out, and then overwritten */
export function overwritten(client: Client, written: Revision, theirs: KeyValue | undefined): EtcdError {
  const since = theirs ? `changed at revision ${theirs.modRevision}` : 'deleted';
  return new EtcdError('conflict', `written at revision ${written}, but ${since} since`, {
    endpoint: client.endpoint(),
    subject: { reason: 'both_changed' },
    writtenRevision: written,
    ...(theirs && { theirsRevision: theirs.modRevision }),
  });
}

async function gone(client: Client, { modRevision, lease = '0' }: Before, options: CallOptions): Promise<EtcdError> {
  const endpoint = client.endpoint();
  const expired = await hasEnded(client, lease, options);
  if (expired) {
    return new EtcdError(
      'lease_not_found',
      `read at revision ${modRevision}; its lease ${hexadecimal(lease)} has expired since, and took the key along`,
      {
        endpoint,
        subject: { reason: 'lease_expired' },
      },
    );
  }
  return new EtcdError('conflict', `it was deleted since it was read at revision ${modRevision}`, {
    endpoint,
    subject: { reason: 'deleted' },
  });
}
