/** What a put would change, for those who are asked before it is sent. */
import { EtcdError, type CallOptions } from '../etcd/index.js';
import { formatAddress } from '../keyspace/address.js';
import { baseOf, readForWrite, readKey } from '../keyspace/document.js';
import { unifiedDiff } from '../keyspace/unified.js';
import { asBase, describeBase } from './base.js';
import type { Preview, PreviewPut } from './protocol.js';
import { writableAddress } from './put.js';
import type { Session } from './session.js';

/** @throws EtcdError what writableAddress() throws, and those of reading a key */
export async function previewPut(session: Session, { name, file, append, base }: PreviewPut, options: CallOptions): Promise<Preview> {
  const address = writableAddress(session, name);
  const canonical = formatAddress(address);
  const given = session.bodies().take(file);
  const client = session.client(address.profile);
  const own = !append && base?.address === canonical ? asBase(base) : undefined;
  let foreign = false;
  const there = await readForWrite(client, address.key, own, options).catch(async (thrown: unknown) => {
    // Of a buffer's own key the put has to say so: what the buffer is then, is decided by its answer.
    if (!own || !(thrown instanceof EtcdError) || thrown.code !== 'cluster_changed') throw thrown;
    foreign = true;
    return readKey(client, address.key, undefined, options);
  });
  const before = there.kv?.value ?? Buffer.alloc(0);
  const after = append ? Buffer.concat([before, given]) : given;
  return {
    address: canonical,
    file: session.bodies().offer(unifiedDiff(before, after)),
    text: !before.includes(0) && !after.includes(0),
    foreign,
    base: describeBase(canonical, baseOf(there)),
  };
}
