/** The names in a request for a plan. */
import * as v from 'valibot';
import { EtcdError } from '../client/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import type { RemoveTarget } from '../keyspace/plan/remove.js';
import { refuseReadonly } from './door.js';
import type { Session } from './session.js';

/** Addresses. `exact`: a name without a slash is the key, whatever is below it. */
export const sources = v.pipe(v.array(v.object({ name: v.string(), exact: v.exactOptional(v.boolean()) })), v.minLength(1));
type Sources = v.InferOutput<typeof sources>;

/** @throws EtcdError invalid_address for names in two clusters, for the past, and for a document */
export function targetsOf(session: Session, names: Sources): { profile: string; targets: RemoveTarget[] } {
  const addresses = names.map(({ name }) => present(session, name));
  const profiles = new Set(addresses.map(({ profile }) => profile));
  if (profiles.size > 1) throw new EtcdError('invalid_address', 'these names are of several clusters');
  const targets = addresses.map(({ kind, key }, i) => ({ kind, key, exact: names[i]?.exact ?? false }));
  return { profile: (addresses[0] as Address).profile, targets };
}

/** @throws EtcdError permission_denied for a profile that is read-only, invalid_address for the past, and for a document */
export function writableTarget(session: Session, name: string): Address {
  const address = present(session, name);
  refuseReadonly(session, { profile: address.profile });
  return address;
}

function present(session: Session, name: string): Address {
  const address = session.address(name);
  const { kind, key, format, edit } = address;
  if (format !== undefined || edit !== undefined) {
    const hint = `the prefix is ${formatAddress({ profile: address.profile, kind, key })}`;
    throw new EtcdError('invalid_address', `${formatAddress(address)} is a text about keys, and no name of any`, { hint });
  }
  if (address.revision === undefined) return address;
  throw new EtcdError('invalid_address', `${formatAddress(address)} is the past, which nobody can change`, { hint: 'leave out ?rev=' });
}

/** The name in full, or how many there are. */
export function titleOf(session: Session, names: Sources): string {
  const [first] = names;
  return first && names.length === 1 ? formatAddress(session.address(first.name)) : `${names.length} names`;
}
