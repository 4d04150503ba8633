/** `heard`: the editor has dealt with the changes of these addresses, and may be told of them again. */
import * as v from 'valibot';
import { defineEarly } from './method.js';

export const heard = defineEarly({
  failure: 'cannot go on watching',
  timeout: 5000,
  always: true,
  params: v.object({ names: v.array(v.string()) }),
  run({ names }, { live }) {
    live.heard(names);
    return {};
  },
});
