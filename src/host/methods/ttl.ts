/** `ttl`: gives keys one new lease, or takes theirs away. The values stay. */
import * as v from 'valibot';
import { EtcdError } from '../../client/index.js';
import { attachNew } from '../../keyspace/lease/attach.js';
import { leasePlan } from '../../keyspace/lease/ttl.js';
import { refuseReadonly, refuseUnasked } from '../door.js';
import { leasedIn, refuseHeldKeys } from '../held-keys.js';
import type { PlanDone } from '../plan-done.js';
import { sources, targetsOf, titleOf } from '../plan-params.js';
import { defineMethod } from './method.js';

const params = v.object({
  names: sources,
  /** Seconds; 0: no lease. */
  ttl: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Addresses that the editor shows, as in `apply`. */
  open: v.array(v.string()),
  /** As in `put`. */
  asked: v.exactOptional(v.boolean()),
  /** With `!`: even keys that somebody holds. */
  force: v.exactOptional(v.boolean()),
  /** As in `put`. */
  person: v.exactOptional(v.boolean()),
});

export const ttl = defineMethod({
  failure: 'cannot set the TTL of',
  timeout: 'write',
  params,

  async run(
    { names, ttl: seconds, open, asked = false, force = false, person = false },
    { session, plans },
    options,
  ): Promise<PlanDone | { keys: 0 }> {
    const { profile, targets } = targetsOf(session, names);
    refuseReadonly(session, { profile });
    for (const { key } of targets) refuseReadonly(session, { profile, key });
    refuseUnasked(
      session,
      profile,
      targets.map(({ key }) => key),
      asked,
    );
    if (targets.some(({ kind }) => kind === 'prefix')) throw new EtcdError('invalid_address', 'a prefix has no lease; name its keys');
    const client = session.client(profile);
    if (!asked && !force) {
      const keys = targets.map(({ key }) => key);
      const { steps } = await leasePlan(client, keys, '0', options);
      await refuseHeldKeys(session, profile, await leasedIn(session, profile, steps, options), person, options);
    }
    const attach = async (lease: string): Promise<PlanDone | { keys: 0 }> => {
      session.looks.own(profile, lease);
      const keys = targets.map(({ key }) => key);
      const plan = await leasePlan(client, keys, lease, options);
      const { plan: id } = await plans.keep(
        { title: `ttl ${seconds} for ${titleOf(session, names)}`, parts: [{ profile, plan }], looked: true },
        options,
      );
      return id === 0 ? { keys: 0 } : plans.apply(id, { open, asked }, options, () => undefined);
    };
    return seconds === 0 ? attach('0') : attachNew(client, seconds, attach, options);
  },
});
