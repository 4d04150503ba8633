/** What a put would change, for those who are asked before it is sent. */
import type { CallOptions } from '../etcd/index.js';
import { formatAddress } from '../keyspace/address.js';
import { baseOf } from '../keyspace/document.js';
import { unifiedDiff } from '../keyspace/unified.js';
import { asBase, describeBase, readBeside } from './base.js';
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
  const there = await readBeside(client, address.key, own, options);
  const before = there.kv?.value ?? Buffer.alloc(0);
  const after = append ? Buffer.concat([before, given]) : given;
  return {
    address: canonical,
    file: session.bodies().offer(unifiedDiff(before, after)),
    text: !before.includes(0) && !after.includes(0),
    foreign: there.foreign,
    base: describeBase(canonical, baseOf(there)),
  };
}
