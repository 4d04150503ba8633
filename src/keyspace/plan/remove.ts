/** Deletes keys, and everything below prefixes: one range delete for each prefix, whatever is in it. */
import type { CallOptions, Client, Header } from '../../client/index.js';
import { decidedOn, type DeleteStep, type Plan, type Step } from '../write/plan.js';
import { readKeys } from '../write/read-keys.js';
import { absent, outermost, spanOf, targetOf, type Target } from './target.js';

/** One of them. */
export interface RemoveTarget extends Target {
  /** It was chosen from a list, so a name without a slash is the key. */
  exact?: boolean;
}

/**
 * @param targets at least one
 * @returns the plan; of a prefix only the number of its keys is read
 * @throws EtcdError not_found with the name that does not exist, invalid_address for a name that is both a key and a prefix, and the
 * client's
 */
export async function removePlan(client: Client, targets: readonly RemoveTarget[], options: CallOptions): Promise<Plan> {
  const meant: Target[] = [];
  for (const target of targets) meant.push(target.exact ? target : await targetOf(client, target, options));
  const all = outermost(meant);
  const keys = all.filter(({ kind }) => kind === 'key');
  const { header, kvs } = await readKeys(client, keys.map(nameOf), options);
  const found = new Map(kvs.map((kv) => [kv.key, kv]));
  const steps: Step[] = keys.map(({ key }): DeleteStep => {
    const kv = found.get(key);
    if (!kv) throw absent(client, { kind: 'key', key });
    return { op: 'delete', ...decidedOn(key, kv) };
  });
  for (const target of all.filter(({ kind }) => kind === 'prefix')) steps.push(await rangeStep(client, target, header, options));
  return { steps, seen: header };
}

function nameOf({ key }: Target): { key: string } {
  return { key };
}

async function rangeStep(client: Client, target: Target, seen: Header, options: CallOptions): Promise<Step> {
  const { start, end } = spanOf(target);
  const { revision, clusterId } = seen;
  const { count } = await client.range({ key: start, rangeEnd: end, countOnly: true, revision, clusterId }, options);
  if (count === 0) throw absent(client, target);
  return { op: 'delete range', key: start, rangeEnd: end, revision, count };
}
