/** Keys that the user may write but not read. etcd compares only for users who may read, so nothing of others can be protected. */
import { EtcdError, holds, spending, type CallOptions, type Client, type Revision } from '../../client/index.js';
import type { PutRequest } from './save.js';

/**
 * @param denied what reading or comparing the key has ended with
 * @returns what is known after a forced put over whatever was there
 * @throws EtcdError permission_denied if it was not forced or may not be written, cluster_changed, outcome_unknown
 */
export async function unseen(
  client: Client,
  { key, value, base, force }: PutRequest,
  denied: EtcdError,
  options: CallOptions,
): Promise<{ modRevision: Revision; clusterId: string; created: boolean; unchanged: boolean }> {
  const left = spending(options);
  const rights = client.user === '' ? undefined : await client.readable(options).catch(() => undefined);
  if (!rights || holds(rights.ranges, key) || !holds(rights.writable, key)) throw denied;
  const { endpoint } = denied;
  const at = endpoint === undefined ? {} : { endpoint };
  if (!force) {
    throw new EtcdError('permission_denied', `user ${client.user} may write it, but not read it, and etcd compares only for readers`, {
      ...at,
      subject: { reason: 'unseen' },
    });
  }
  const { clusterId } = rights.header;
  if (base !== undefined && base.clusterId !== '' && base.clusterId !== clusterId) {
    throw new EtcdError('cluster_changed', `cluster ${clusterId} answers there now, not ${base.clusterId}`, {
      ...at,
      subject: { reason: 'write_elsewhere_unseen' },
    });
  }
  const { header, created } = await client.putUnseen({ key, value }, left());
  return { modRevision: header.revision, clusterId: header.clusterId, created, unchanged: false };
}
