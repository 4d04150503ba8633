/** `read`: a value or a document, for `:read` and `:source`. */
import * as v from 'valibot';
import { readKey } from '../../keyspace/document.js';
import { rooted } from '../rooted.js';
import { keyAddress, missing, offerValue } from '../value.js';
import { late } from './lately.js';
import { defineEarly } from './method.js';

export const read = defineEarly({
  failure: 'cannot read',
  timeout: 'read',
  params: v.object({ name: v.string() }),

  async run({ name }, { session }, options) {
    const { format, ...document } = rooted(session, session.address(name));
    if (format !== undefined) return (await late()).readDocument(session, { ...document, format }, options.allow('list'));
    const address = keyAddress(session, name);
    const client = session.client(address.profile);
    const { header, kv, stale } = await readKey(client, address.key, address.revision, options, true);
    if (!kv) throw missing(client, 'there is no such key');
    return offerValue(session, address, kv, { header, stale });
  },
});
