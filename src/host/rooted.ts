/** An address that names nothing means the `root` of its profile, if that is set. */
import { keyOf } from '../client/index.js';
import type { Address } from '../keyspace/address.js';
import type { Session } from './session.js';

/** The address itself if it names anything. */
export function rooted(session: Session, address: Address): Address {
  const root = address.top ? session.settings(address.profile).root : undefined;
  if (root === undefined || root === '') return address;
  return { ...address, key: keyOf(root.endsWith('/') ? root : `${root}/`), top: false };
}
