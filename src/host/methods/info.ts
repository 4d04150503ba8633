/**
 * `info`: all that etcd knows of a key or a prefix, in rows for a window. Of a value it shows only the size, because it may be a secret.
 */
import * as v from 'valibot';
import type { CallOptions } from '../../client/index.js';
import { formatAddress, type Address } from '../../keyspace/address.js';
import { readKeyInfo, readPrefixInfo } from '../../keyspace/look/info.js';
import { describeKey, describePrefix, describeStanding, type InfoRow } from '../info.js';
import { standingOf } from '../rules.js';
import type { Session } from '../session.js';
import { defineMethod } from './method.js';

export const info = defineMethod({
  failure: 'cannot tell about',
  timeout: 'list',
  params: v.object({ name: v.string() }),

  async run({ name }, { session }, options): Promise<{ address: string; rows: InfoRow[] }> {
    const address = session.address(name);
    const { key, kind, revision, profile } = address;
    const client = session.client(profile);
    const rows =
      kind === 'key'
        ? await ofKey(address, session, options)
        : describePrefix(address, await readPrefixInfo(client, key, revision, options), client.user);
    const cluster: InfoRow = ['endpoint', `${client.endpoint()}${profile === '' ? '' : `, profile ${profile}`}`];
    const rules = describeStanding(standingOf(session.settings(profile), key));
    return { address: formatAddress(address), rows: [...rows.slice(0, 1), ...rules, ...rows.slice(1), cluster] };
  },
});

async function ofKey(address: Address, session: Session, options: CallOptions): Promise<InfoRow[]> {
  const { key, revision, profile } = address;
  const client = session.client(profile);
  const asked = performance.now();
  const info = await readKeyInfo(client, key, revision, options);
  const { kv, lease } = info;
  const look = kv && lease && session.looks.add(profile, kv.lease, lease, asked, performance.now());
  return describeKey(address, info, client.user, look?.kept);
}
