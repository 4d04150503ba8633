/** `at`: the address of the same key or prefix at another revision. */
import * as v from 'valibot';
import { EtcdError, type Client } from '../../client/index.js';
import { formatAddress, type Address } from '../../keyspace/address.js';
import { changeAfter, changeBefore } from '../../keyspace/history/neighbour.js';
import { int64 } from '../params.js';
import { defineMethod, type Host, type RequestOptions } from './method.js';

const params = v.object({
  name: v.string(),
  /** A revision; or `-1`, `+1` and so on: so many changes before or after; or '': the present. */
  to: v.string(),
  /** The revision that is shown now, if the name has no `?rev=`. */
  revision: v.exactOptional(int64),
});
export type At = v.InferOutput<typeof params>;

export const at = defineMethod({ failure: 'cannot show another revision of', timeout: 'list', params, run });

async function run({ name, to, revision }: At, { session }: Host, options: RequestOptions): Promise<{ address: string }> {
  const { revision: own, ...now } = session.address(name);
  if (to === '') return { address: formatAddress(now) };
  if (/^[1-9]\d{0,18}$/.test(to)) return { address: formatAddress({ ...now, revision: to }) };
  if (!/^[+-][1-9]\d{0,8}$/.test(to)) {
    throw new EtcdError('invalid_address', `${JSON.stringify(to)} is no revision`, {
      hint: 'give a revision, or -1 for the change before',
    });
  }
  const client = session.client(now.profile);
  const from = own ?? revision ?? (await client.range({ key: now.key || '\0', countOnly: true }, options)).header.revision;
  return { address: formatAddress({ ...now, revision: await neighbourOf(client, now, from, Number(to), options) }) };
}

/** @throws EtcdError not_found if there are not so many changes */
async function neighbourOf(client: Client, address: Address, from: string, by: number, options: RequestOptions): Promise<string> {
  const { kind, key } = address;
  const look = by < 0 ? changeBefore : changeAfter;
  const { revision, since } = await look(client, { kind, key }, from, Math.abs(by), options);
  if (revision !== undefined) return revision;
  if (by > 0) throw new EtcdError('not_found', 'there is no newer change', { hint: ':Etcd at shows the present' });
  const why = since === '1' ? 'there is no older change' : `what was before revision ${since} is compacted`;
  throw new EtcdError('not_found', why, { hint: ':Etcd history lists what there is' });
}
