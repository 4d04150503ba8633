/** What a put would change, for those who are asked before it is sent. */
import type { CallOptions } from '../etcd/index.js';
import { formatAddress } from '../keyspace/address.js';
import { digestOf, readKey } from '../keyspace/document.js';
import { unifiedDiff } from '../keyspace/unified.js';
import type { Methods, Preview } from './protocol.js';
import { writableAddress } from './put.js';
import type { Session } from './session.js';

/** @throws EtcdError what writableAddress() throws, and those of reading a key */
export async function previewPut(
  session: Session,
  { name, file, append }: Methods['preview']['params'],
  options: CallOptions,
): Promise<Preview> {
  const address = writableAddress(session, name);
  const given = session.bodies().take(file);
  const { header, kv } = await readKey(session.client(address.profile), address.key, undefined, options);
  const before = kv?.value ?? Buffer.alloc(0);
  const after = append ? Buffer.concat([before, given]) : given;
  return {
    address: formatAddress(address),
    file: session.bodies().offer(unifiedDiff(before, after)),
    text: !before.includes(0) && !after.includes(0),
    mod_revision: kv?.modRevision ?? '0',
    digest: kv ? digestOf(kv.value) : '',
    cluster_id: header.clusterId,
  };
}
