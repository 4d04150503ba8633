/** `log`: what Node has done lately, for `:Etcd log`. */
import * as v from 'valibot';
import { logged } from '../log.js';
import { defineMethod } from './method.js';

export const log = defineMethod({
  failure: 'cannot show the log',
  timeout: 'read',
  always: true,
  params: v.object({}),
  run: () => ({ lines: logged() }),
});
