/** `history_stop`: ends a history that is under way. */
import * as v from 'valibot';
import { defineMethod } from './method.js';

export const historyStop = defineMethod({
  failure: 'cannot stop',
  timeout: 5000,
  always: true,
  params: v.object({ stream: v.number() }),
  run({ stream }, { histories }) {
    histories.stop(stream);
    return {};
  },
});
