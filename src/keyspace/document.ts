/** One key's value: what an address opens, and the compare-and-put that writes it back. */
import {
  clusterChanged,
  digestOf,
  EtcdError,
  keyObjection,
  objection,
  prefixEnd,
  type CallOptions,
  type Client,
  type CompareAndPut,
  type Header,
  type Key,
  type KeyValue,
  type Revision,
} from '../etcd/index.js';
import { conflict } from './conflict.js';
import { afterFailure, afterLoss, unknown } from './outcome.js';
import { unseen } from './unseen.js';

export { digestOf } from '../etcd/index.js';

/** What a buffer knows of the value it was read from: enough to write it back safely. */
export interface Base {
  /** '0': there was no such key. */
  modRevision: Revision;
  /** Of the value's bytes: an unchanged buffer sends nothing. */
  digest: string;
  /** '': whichever cluster answers is meant. */
  clusterId: string;
  /** Compared as well, where they are known. */
  createRevision?: Revision;
  version?: string;
  /** Tells why a key is not what it was. */
  lease?: string;
  /** Of the answer that it was read from, or written with. */
  seen?: Header;
}

/** What a put compares with. */
type Expected = Omit<CompareAndPut, 'key' | 'value'>;

export interface Written {
  modRevision: Revision;
  /** Of the bytes that etcd holds now. */
  digest: string;
  clusterId: string;
  /** As Base.seen; unknown where nothing was sent, and nothing was known. */
  seen?: Header;
  created: boolean;
  /** The bytes were what etcd held already, and nothing was written. */
  unchanged: boolean;
  /** Of an unchanged buffer: what the key is at by now, where that is another revision; '0': it is gone. */
  now?: Revision;
  /** Of an unchanged buffer: why etcd could not be asked for that. */
  unasked?: string;
  /** Unknown where nothing was sent. */
  kv?: KeyValue;
}

export interface PutRequest {
  key: Key;
  value: Buffer;
  /** What was read; without it the key must not exist, unless forced. */
  base?: Base;
  /** `:w!`: over whatever is there now, still by a compare with what is there now. */
  force: boolean;
}

/** Times that a forced put is overtaken by others before it gives up. */
const FORCED_TRIES = 5;
/** ms that an unchanged buffer waits to hear what etcd holds. */
const LOOK = 2000;

/** What a write of `kv` has to know; of a key that is not there without `kv`. */
export function baseOf({ header, kv }: { header: Header; kv: KeyValue | undefined }): Base {
  const { clusterId } = header;
  if (!kv) return { modRevision: '0', digest: '', clusterId, seen: header };
  const { modRevision, createRevision, version, lease } = kv;
  return { modRevision, createRevision, version, lease, digest: digestOf(kv.value), clusterId, seen: header };
}

/**
 * @param stale whether what one member has will do where the quorum is lost (`stale` of the answer says so)
 * @returns no kv where the key does not exist (at that revision)
 */
export async function readKey(
  client: Client,
  key: Key,
  revision: Revision | undefined,
  options: CallOptions,
  stale = false,
): Promise<{ header: Header; kv: KeyValue | undefined; stale: boolean }> {
  const answer = await client.range({ key, ...(revision !== undefined && { revision }), ...(stale && { stale: 'allowed' }) }, options);
  return { header: answer.header, kv: answer.kvs[0], stale: answer.stale };
}

/** Whether anything lies under `prefix`, in that cluster and at that revision. */
export async function isPrefix(
  client: Client,
  prefix: Key,
  { revision, clusterId }: Header,
  options: CallOptions,
  stale = false,
): Promise<boolean> {
  const range = { key: prefix, rangeEnd: prefixEnd(prefix), limit: 1, keysOnly: true, revision, clusterId };
  const answer = await client.range({ ...range, stale: stale ? 'only' : 'never' }, options);
  return answer.count > 0;
}

/**
 * Compare-and-put: never a bare put, because one that timed out can land later, over newer data.
 * @throws EtcdError conflict (nothing of theirs was overwritten), lease_not_found (the key went with its lease),
 * outcome_unknown (etcd may or may not hold the value), cluster_changed, and the client's
 */
export async function writeKey(client: Client, request: PutRequest, options: CallOptions): Promise<Written> {
  const { key, value, base, force } = request;
  const digest = digestOf(value);
  if (base && !force && base.digest === digest) {
    const { modRevision, clusterId, seen } = base;
    const since = await sinceRead(client, key, base, options);
    return { modRevision, digest, clusterId, ...(seen && { seen }), created: false, unchanged: true, ...since };
  }
  const end = performance.now() + options.budget;
  const left = (): CallOptions => ({ ...options, budget: Math.max(1, end - performance.now()) });
  const reading = force ? await asItIs(client, request, left()).catch(asDenied) : expectedOf(client, base);
  if (reading instanceof EtcdError) return { ...(await unseen(client, request, reading, left())), digest };
  let expected = reading;
  for (let tries = 1; ; tries++) {
    const { modRevision, seen } = expected;
    const put = { key, value, ...expected };
    const answer = await client
      .compareAndPut(put, left())
      .catch(asDenied)
      .catch((error: unknown) => afterFailure(client, put, error, left()));
    if (answer instanceof EtcdError) return { ...(await unseen(client, request, answer, left())), digest };
    const { kv, header } = answer;
    if (seen) refuseOther(client, objection(seen, header), answer);
    const written = { digest, clusterId: header.clusterId, seen: header, ...(kv && { kv }) };
    if (answer.succeeded) {
      return { ...written, modRevision: kv?.modRevision ?? header.revision, created: modRevision === '0', unchanged: false };
    }
    if (seen) refuseOther(client, keyObjection(put, kv), answer);
    // Whoever wrote them, these are the bytes: ours from an attempt that seemed to fail, or someone's who wrote the same. Another
    // key than the buffer's own is a conflict all the same (E13).
    if (kv?.value.equals(value) && (base || answer.uncertain))
      return { ...written, modRevision: kv.modRevision, created: false, unchanged: !answer.uncertain };
    if (answer.uncertain) throw await afterLoss(client, put, answer, { ...base, modRevision }, left());
    if (!force || tries >= FORCED_TRIES) throw await conflict(client, { ...base, modRevision }, kv, left());
    expected = expectedAs(baseOf(answer));
  }
}

/** What has become of the key of an unchanged buffer. */
async function sinceRead(client: Client, key: Key, base: Base, options: CallOptions): Promise<Pick<Written, 'now' | 'unasked'>> {
  try {
    const { header, kvs } = await client.range({ key, keysOnly: true }, { ...options, budget: Math.min(LOOK, options.budget) });
    const { seen } = expectedAs(base);
    if (seen) refuseOther(client, objection(seen, header));
    const now = kvs[0]?.modRevision ?? '0';
    return now === base.modRevision ? {} : { now };
  } catch (thrown) {
    if (thrown instanceof EtcdError && thrown.code !== 'cluster_changed' && thrown.code !== 'cancelled') return { unasked: thrown.message };
    throw thrown;
  }
}

function asDenied(thrown: unknown): EtcdError {
  if (thrown instanceof EtcdError && thrown.code === 'permission_denied' && !thrown.elsewhere) return thrown;
  throw thrown;
}

/**
 * What a put of `base` compares with. Without a base it is meant for the cluster that has answered so far, if any has. Once it was
 * told that another cluster answers, and forced, base has no clusterId, and whichever cluster answers is meant.
 */
function expectedOf(client: Client, base: Base | undefined): Expected {
  if (base) return expectedAs(base);
  const seen = client.latest();
  return { modRevision: '0', ...(seen && { seen }) };
}

function expectedAs({ modRevision, createRevision, version, digest, clusterId, seen }: Base): Expected {
  if (clusterId === '') return { modRevision };
  return {
    modRevision,
    digest,
    ...(createRevision !== undefined && { createRevision }),
    ...(version !== undefined && { version }),
    seen: seen ?? { clusterId, revision: modRevision },
  };
}

/** What a forced put compares with: the key as it is, in the cluster that is meant. */
async function asItIs(client: Client, { key, base }: PutRequest, options: CallOptions): Promise<Expected> {
  return expectedAs(baseOf(await readForWrite(client, key, base, options)));
}

/**
 * The key as it is, to be written to.
 * @param base what the buffer was read from, if it was
 * @throws EtcdError cluster_changed where that cannot be the key in the cluster that answers; once, where there is no base
 */
export async function readForWrite(
  client: Client,
  key: Key,
  base: Base | undefined,
  options: CallOptions,
): Promise<{ header: Header; kv: KeyValue | undefined }> {
  const expected = expectedOf(client, base);
  const { header, kv } = await readKey(client, key, undefined, options);
  if (expected.seen) {
    const isPast = client.isPast(expected.seen) ? 'another cluster has answered there since the key was read' : undefined;
    refuseOther(client, objection(expected.seen, header) ?? keyObjection(expected, kv) ?? isPast);
  }
  return { header, kv };
}

/**
 * Said before by the client wherever it could be known before.
 * @param why as objection() says it
 * @param answer of a put: what it says is of that cluster, and what became of an earlier attempt of it nobody knows
 */
function refuseOther(client: Client, why: string | undefined, answer?: { succeeded: boolean; uncertain: boolean }): void {
  if (why === undefined) return;
  const error = clusterChanged(answer?.succeeded ? `${why}; it took the value` : why, client.endpoint());
  throw answer?.uncertain ? unknown(error) : error;
}
