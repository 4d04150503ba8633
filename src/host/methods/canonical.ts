/** `canonical`: the name of an address's buffer. It asks no server. */
import * as v from 'valibot';
import { formatAddress } from '../../keyspace/address.js';
import { defineEarly } from './method.js';

export const canonical = defineEarly({
  failure: 'cannot understand',
  timeout: 'read',
  params: v.object({ name: v.string() }),

  run({ name }, { session }) {
    const address = session.address(name);
    return { address: formatAddress(address), kind: address.format === undefined ? address.kind : 'document' };
  },
});
