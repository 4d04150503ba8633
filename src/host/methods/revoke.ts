/** `revoke`: ends a lease, and deletes the keys that the user was shown. */
import * as v from 'valibot';
import { decodeSegments } from '../../keyspace/address.js';
import { revokeLease } from '../../keyspace/lease/list.js';
import { refuseReadonly, refuseUnasked } from '../door.js';
import { decimal } from './leases.js';
import { defineMethod } from './method.js';

export const revoke = defineMethod({
  failure: 'cannot revoke',
  timeout: 'write',
  params: v.object({
    profile: v.string(),
    /** In hexadecimal. */
    id: v.string(),
    /** The keys that `leases` has shown. */
    keys: v.array(v.string()),
    /** As in `put`. */
    asked: v.exactOptional(v.boolean()),
  }),

  async run({ profile, id, keys, asked }, { session, listings }, options) {
    const known = keys.map(decodeSegments);
    for (const place of [{ profile }, ...known.map((key) => ({ profile, key }))]) refuseReadonly(session, place);
    refuseUnasked(session, profile, known, asked);
    await revokeLease(session.client(profile), decimal(id), known, options);
    for (const key of known) listings.changed({ profile, kind: 'key', key });
    return { keys: known.length };
  },
});
