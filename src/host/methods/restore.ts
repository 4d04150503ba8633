/** `restore`: a plan that writes the past as the present. */
import * as v from 'valibot';
import { EtcdError } from '../../client/index.js';
import { formatAddress } from '../../keyspace/address.js';
import { restorePlan } from '../../keyspace/history/restore.js';
import { unifiedDiff } from '../../keyspace/write/diff.js';
import type { Plan } from '../../keyspace/write/plan.js';
import { defineMethod } from './method.js';

const params = v.object({
  /** An address with `?rev=N`. */
  name: v.string(),
  /** Ignore what `g:etcd.validate` says of the values. */
  unchecked: v.exactOptional(v.boolean()),
});

export const restore = defineMethod({
  failure: 'cannot restore',
  timeout: 'list',
  params,

  async run({ name, unchecked = false }, { session, plans }, options) {
    const { revision, ...now } = session.address(name);
    if (revision === undefined) {
      throw new EtcdError('invalid_address', 'that is the present', { hint: ':Etcd at N shows the past, which can be restored' });
    }
    const plan = await restorePlan(session.client(now.profile), { ...now, revision }, options);
    const title = `restore ${formatAddress(now)} from revision ${revision}`;
    const notes = now.kind === 'key' ? changesOf(plan) : [];
    return plans.keep({ title, parts: [{ profile: now.profile, plan }], notes, unchecked }, options);
  },
});

/** The lines that a plan of one put changes. */
function changesOf({ steps: [step] }: Plan): string[] {
  if (step?.op !== 'put') return [];
  const before = step.was?.value ?? Buffer.alloc(0);
  if (before.includes(0) || step.value.includes(0)) return ['Binary values differ.'];
  return unifiedDiff(before, step.value).toString().trimEnd().split('\n');
}
