/** `lease`: what is known of the lease of a key that was read, for the message and the status line. It sends one request. */
import * as v from 'valibot';
import { leaseWords } from '../held.js';
import { int64 } from '../params.js';
import { keyAddress } from '../value.js';
import { defineMethod } from './method.js';

export const lease = defineMethod({
  failure: 'cannot tell about the lease of',
  timeout: 'read',
  params: v.object({ name: v.string(), lease: int64 }),

  async run({ name, lease: id }, { session }, options): Promise<{ words: string; ttl: number }> {
    const { profile } = keyAddress(session, name);
    const look = await session.looks.look(session.client(profile), profile, id, options);
    return { words: leaseWords(look), ttl: look.ttl };
  },
});
