/** What was known of a cluster when something was read from it, as one word. The editor keeps it, and gives it back with a put. */
import { EtcdError, type Header } from '../client/index.js';

/** One word, without cluster_id, which travels beside it. */
export function formatSeen({ revision, raftTerm = '', via = '' }: Header): string {
  return `${revision},${raftTerm},${via}`;
}

/**
 * @param seen made by formatSeen(), perhaps in another process
 * @throws EtcdError internal: only a bug of ours sends anything else
 */
export function parseSeen(clusterId: string, seen: string): Header {
  const [, revision, raftTerm = '', via = ''] = /^(\d+),(\d*),(.*)$/s.exec(seen) ?? [];
  if (revision === undefined) throw new EtcdError('internal', 'put: base.seen is of the wrong form', { hint: 'see :Etcd log' });
  return { clusterId, revision, ...(raftTerm !== '' && { raftTerm }), ...(via !== '' && { via }) };
}
