/** `history`: the changes of a key, or of all keys below a prefix, newest first. */
import * as v from 'valibot';
import { defineMethod } from './method.js';

const params = v.object({
  /** An address, as typed or canonical. With `?rev=N` up to that revision. */
  name: v.string(),
  /** Changes at the most. */
  max: v.number(),
});
export type History = v.InferOutput<typeof params>;

export const history = defineMethod({
  failure: 'cannot read the history of',
  timeout: 'list',
  params,

  async run({ name, max }, { session, histories }, options) {
    const address = session.address(name);
    return histories.open(session.client(address.profile), address, max, options);
  },
});
