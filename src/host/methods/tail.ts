/** `tail`: watches a key, or all keys below a prefix. The event `watched` tells when `tail_more` has lines. */
import * as v from 'valibot';
import { int64 } from '../params.js';
import { defineMethod } from './method.js';

export const tail = defineMethod({
  failure: 'cannot watch',
  timeout: 'read',
  params: v.object({
    /** An address, as typed or canonical. */
    name: v.string(),
    /** The first revision to tell of. */
    from: v.exactOptional(int64),
  }),
  async run({ name, from }, { session, tails }) {
    const address = session.address(name);
    return tails.begin(session.client(address.profile), address, from);
  },
});
