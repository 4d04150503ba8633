/** Makes the past the present again: a plan that writes what was there then. */
import { EtcdError, type CallOptions, type Client, type Key, type KeyValue, type Revision } from '../../client/index.js';
import { readKey } from '../document.js';
import { readTree, spanBelow } from '../subtree.js';
import { decidedOn, type KeyStep, type Plan } from '../write/plan.js';

export interface RestoreRequest {
  kind: 'key' | 'prefix';
  key: Key;
  revision: Revision;
}

/**
 * @returns a plan without steps if all is as it was. A key that exists keeps its lease; one that is created again has none
 * @throws EtcdError not_found if a key was not there then, compacted, future_revision, and the client's
 */
export async function restorePlan(client: Client, request: RestoreRequest, options: CallOptions): Promise<Plan> {
  return request.kind === 'key' ? ofKey(client, request, options) : ofPrefix(client, request, options);
}

async function ofKey(client: Client, { key, revision }: RestoreRequest, options: CallOptions): Promise<Plan> {
  const then = await readKey(client, key, revision, options);
  if (!then.kv) {
    throw new EtcdError('not_found', `the key did not exist at revision ${revision}`, { endpoint: client.endpoint() });
  }
  const { header, kv } = await readKey(client, key, undefined, options);
  return { steps: stepsOf(key, then.kv, kv), seen: header };
}

async function ofPrefix(client: Client, { key: prefix, revision }: RestoreRequest, options: CallOptions): Promise<Plan> {
  const span = spanBelow(prefix);
  const [then, now] = [await readTree(client, { ...span, revision }, whole, options), await readTree(client, span, whole, options)];
  const keys = [...new Set([...then.tree.keys(), ...now.tree.keys()])].sort();
  const steps = keys.flatMap((key) => stepsOf(key, then.tree.get(key), now.tree.get(key)));
  const { start: key, end: rangeEnd } = span;
  // A key that is created there meanwhile would stay, although nobody was asked.
  return { steps, guards: steps.length === 0 ? [] : [{ key, rangeEnd, revision: now.header.revision }], seen: now.header };
}

const whole = (kv: KeyValue): KeyValue => kv;

function stepsOf(key: Key, then: KeyValue | undefined, now: KeyValue | undefined): KeyStep[] {
  const known = decidedOn(key, now);
  if (!then) return [{ op: 'delete', ...known }];
  return now?.value.equals(then.value) ? [] : [{ op: 'put', value: then.value, ...known }];
}
