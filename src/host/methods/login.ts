/** `login`: what the user answered after an error with `wants`. It is only kept in memory, and forgotten when it proves wrong. */
import * as v from 'valibot';
import { defineEarly } from './method.js';

export const login = defineEarly({
  failure: 'cannot log in',
  timeout: 'read',
  params: v.object({ profile: v.string(), what: v.picklist(['password', 'passphrase']), secret: v.string() }),

  run({ profile, what, secret }, { session }) {
    session.answer(profile, what, secret);
    return {};
  },
});
