/** `rename`: a plan that moves or copies keys and prefixes, in one cluster or from one to another. */
import * as v from 'valibot';
import { formatAddress } from '../../keyspace/address.js';
import { renamePlan } from '../../keyspace/plan/rename.js';
import { refuseReadonly } from '../door.js';
import { sources, targetsOf, titleOf, writableTarget } from '../plan-params.js';
import type { Part } from '../plans.js';
import { defineMethod } from './method.js';

export const rename = defineMethod({
  failure: 'cannot move or copy',
  timeout: 'read',
  params: v.object({
    names: sources,
    /** An address: the new name, or the prefix that the sources go below. */
    to: v.string(),
    /** The sources stay. */
    copy: v.exactOptional(v.boolean()),
    /** Overwrite keys that exist. */
    force: v.exactOptional(v.boolean()),
  }),

  async run({ names, to, copy = false, force = false }, { session, plans }, options) {
    const { profile, targets } = targetsOf(session, names);
    const target = writableTarget(session, to);
    if (!copy) refuseReadonly(session, { profile });
    const clients = { source: session.client(profile), target: session.client(target.profile) };
    const isOne = profile === target.profile;
    const sourceName = (key: string): string => formatAddress({ profile, kind: 'key', key });
    const request = { from: targets, to: target, copy, force, ...(!isOne && { sourceName }) };
    const made = await renamePlan(clients, request, options.allow('list'));
    const parts: Part[] = [{ profile: target.profile, plan: made.target }];
    if (made.source) parts.push({ profile, plan: made.source });
    const title = `${copy ? 'copy' : 'rename'} ${titleOf(session, names)} -> ${formatAddress(target)}`;
    return plans.keep({ title, parts, unchecked: force }, options);
  },
});
