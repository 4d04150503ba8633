/** Writes one value, by the plan of one put. */
import {
  asDenied,
  digestOf,
  isEtcdError,
  objection,
  spending,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type KeyValue,
  type Revision,
} from '../../client/index.js';
import { baseOf, expectedAs, expectedOf, readForWrite, type Base, type Expected } from '../document.js';
import { commit, type Change, type Committed } from './commit.js';
import { conflict } from './conflict.js';
import { refuseOther } from './other-cluster.js';
import type { Plan } from './plan.js';
import { unseen } from './unseen.js';

export interface Written {
  modRevision: Revision;
  /** The digest of the bytes that etcd holds now. */
  digest: string;
  clusterId: string;
  /** Like Base.seen; unknown if nothing was sent, and nothing was known. */
  seen?: Header;
  created: boolean;
  /** etcd held these bytes already, and nothing was written. */
  unchanged: boolean;
  /** If the bytes are unchanged: the revision of the key now, if that is another one; '0': it was deleted. */
  now?: Revision;
  /** If the bytes are unchanged: why etcd could not be asked for that. */
  unasked?: string;
  /** Unknown if nothing was sent. */
  kv?: KeyValue;
}

export interface PutRequest {
  key: Key;
  value: Buffer;
  /** What was read. Without it the key must not exist, unless forced. */
  base?: Base;
  /** Write over whatever is there now, still by a compare with what is there now. */
  force: boolean;
  /** Called if the value is the one that was read. Then nothing is sent, and etcd is only asked what it holds. */
  unsent?: () => void;
}

/** How often others may overtake a forced put before it gives up. */
const FORCED_TRIES = 5;
/** ms that a write of unchanged bytes waits to hear what etcd holds. */
const LOOK = 2000;

/**
 * Saves one value, by the plan of one put. It never uses a bare put, because one that timed out can arrive later, over newer data.
 * @throws EtcdError conflict (nothing of theirs was overwritten), lease_not_found (the key went with its lease), outcome_unknown (etcd
 * may or may not hold the value), cluster_changed, and the client's
 */
export async function writeKey(client: Client, request: PutRequest, options: CallOptions): Promise<Written> {
  const { key, value, base, force } = request;
  const digest = digestOf(value);
  if (base && !force && base.digest === digest) {
    const { modRevision, clusterId, seen } = base;
    request.unsent?.();
    const since = await sinceRead(client, key, base, options);
    return { modRevision, digest, clusterId, ...(seen && { seen }), created: false, unchanged: true, ...since };
  }
  const left = spending(options);
  const reading = force ? await asItIs(client, request, left()).catch(asDenied) : expectedOf(client, base);
  if (isEtcdError(reading)) return { ...(await unseen(client, request, reading, left())), digest };
  let expected = reading;
  for (let tries = 1; ; tries++) {
    const { seen, ...known } = expected;
    const before = { ...base, modRevision: known.modRevision };
    const plan: Plan = { steps: [{ op: 'put', key, value, ...known, before }], ...(seen && { seen }) };
    const done = await commit(client, plan, left()).catch(asDenied);
    if (isEtcdError(done)) return { ...(await unseen(client, request, done, left())), digest };
    if (done.succeeded) return { digest, ...writtenBy(done), unchanged: false };
    const kv = done.kvs[0];
    // These are the bytes, whoever wrote them. But another key than the one that was read is still a conflict.
    if (base && kv?.value.equals(value)) {
      const { clusterId } = done.header;
      return { modRevision: kv.modRevision, digest, clusterId, seen: done.header, kv, created: false, unchanged: true };
    }
    if (!force || tries >= FORCED_TRIES) throw await conflict(client, before, kv, left());
    expected = expectedAs(baseOf({ header: done.header, kv }));
  }
}

function writtenBy({ header, kv, changes }: Committed): Omit<Written, 'digest' | 'unchanged'> {
  const [change] = changes as [Change];
  return { modRevision: change.after, clusterId: header.clusterId, seen: header, ...(kv && { kv }), created: change.before === '0' };
}

/**
 * Whether writeKey() would write over `kv`, which is the key as it is now. It would not if the bytes are already the same, or if the
 * key is not what was read.
 */
export function wouldWrite({ value, base, force }: PutRequest, kv: KeyValue | undefined): boolean {
  if (force) return true;
  return (base?.modRevision ?? '0') === (kv?.modRevision ?? '0') && !kv?.value.equals(value);
}

/** What has happened to a key whose bytes are unchanged. */
async function sinceRead(client: Client, key: Key, base: Base, options: CallOptions): Promise<Pick<Written, 'now' | 'unasked'>> {
  try {
    const { header, kvs } = await client.range({ key, keysOnly: true }, { ...options, budget: Math.min(LOOK, options.budget) });
    const { seen } = expectedAs(base);
    if (seen) refuseOther(client, objection(seen, header));
    const now = kvs[0]?.modRevision ?? '0';
    return now === base.modRevision ? {} : { now };
  } catch (thrown) {
    if (isEtcdError(thrown) && !isEtcdError(thrown, 'cluster_changed', 'cancelled')) return { unasked: thrown.message };
    throw thrown;
  }
}

/** What a forced put compares with: the key as it is now, in the cluster that is meant. */
async function asItIs(client: Client, { key, base }: PutRequest, options: CallOptions): Promise<Expected> {
  return expectedAs(baseOf(await readForWrite(client, key, base, options)));
}
