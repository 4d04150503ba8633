/** `remove`: a plan that deletes keys and prefixes. */
import * as v from 'valibot';
import { removePlan } from '../../keyspace/plan/remove.js';
import { refuseReadonly } from '../door.js';
import { sources, targetsOf, titleOf } from '../plan-params.js';
import { defineMethod } from './method.js';

export const remove = defineMethod({
  failure: 'cannot delete',
  timeout: 'read',
  params: v.object({ names: sources }),

  async run({ names }, { session, plans }, options) {
    const { profile, targets } = targetsOf(session, names);
    refuseReadonly(session, { profile });
    const plan = await removePlan(session.client(profile), targets, options.allow('list'));
    return plans.keep({ title: `delete ${titleOf(session, names)}`, parts: [{ profile, plan }] }, options);
  },
});
