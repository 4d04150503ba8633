/** `warm`: connects to the cluster of the default profile, so that the next request need not. */
import * as v from 'valibot';
import { defineEarly } from './method.js';

export const warm = defineEarly({
  failure: 'cannot connect',
  timeout: 2000,
  params: v.object({}),

  async run(_, { session }, options) {
    await session.client(session.short()).range({ key: '\0', keysOnly: true }, options);
    return {};
  },
});
