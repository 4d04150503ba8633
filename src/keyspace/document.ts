/** One key's value: what an address opens, and the compare-and-put that writes it back. */
import { createHash } from 'node:crypto';
import { EtcdError, prefixEnd, type CallOptions, type Client, type Header, type Key, type KeyValue, type Revision } from '../etcd/index.js';
import { conflict } from './conflict.js';
import { afterFailure, afterLoss } from './outcome.js';
import { unseen } from './unseen.js';

/** What a buffer knows of the value it was read from: enough to write it back safely. */
export interface Base {
  /** '0': there was no such key. */
  modRevision: Revision;
  /** Of the value's bytes: an unchanged buffer sends nothing. */
  digest: string;
  /** '': whichever cluster answers is meant. */
  clusterId: string;
  /** These two tell why a key is not what it was. */
  createRevision?: Revision;
  lease?: string;
}

export interface Written {
  modRevision: Revision;
  /** Of the bytes that etcd holds now. */
  digest: string;
  clusterId: string;
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

/** @returns SHA-256, hexadecimal */
export function digestOf(value: Buffer): string {
  return createHash('sha256').update(value).digest('hex');
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

/** Whether anything lies under `prefix`. */
export async function isPrefix(client: Client, prefix: Key, revision: Revision, options: CallOptions, stale = false): Promise<boolean> {
  const mode = stale ? 'only' : 'never';
  const answer = await client.range({ key: prefix, rangeEnd: prefixEnd(prefix), limit: 1, keysOnly: true, revision, stale: mode }, options);
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
    const since = await sinceRead(client, key, base, options);
    return { modRevision: base.modRevision, digest, clusterId: base.clusterId, created: false, unchanged: true, ...since };
  }
  const end = performance.now() + options.budget;
  const left = (): CallOptions => ({ ...options, budget: Math.max(1, end - performance.now()) });
  const reading = force ? await asItIs(client, request, left()).catch(asDenied) : { modRevision: '0', clusterId: '', ...base };
  if (reading instanceof EtcdError) return { ...(await unseen(client, request, reading, left())), digest };
  let expected = reading;
  for (let tries = 1; ; tries++) {
    const { modRevision, clusterId } = expected;
    const put = { key, value, modRevision, ...(clusterId !== '' && { clusterId }) };
    const answer = await client
      .compareAndPut(put, left())
      .catch(asDenied)
      .catch((error: unknown) => afterFailure(client, put, error, left()));
    if (answer instanceof EtcdError) return { ...(await unseen(client, request, answer, left())), digest };
    if (clusterId !== '') sameCluster(client, clusterId, answer.header.clusterId, answer.succeeded ? 'took the value' : 'answers there');
    const { kv, header } = answer;
    const written = { digest, clusterId: header.clusterId, ...(kv && { kv }) };
    if (answer.succeeded) {
      return { ...written, modRevision: kv?.modRevision ?? header.revision, created: modRevision === '0', unchanged: false };
    }
    // Whoever wrote them, these are the bytes: ours from an attempt that seemed to fail, or someone's who wrote the same. Another
    // key than the buffer's own is a conflict all the same (E13).
    if (kv?.value.equals(value) && (base || answer.uncertain))
      return { ...written, modRevision: kv.modRevision, created: false, unchanged: !answer.uncertain };
    if (answer.uncertain) throw await afterLoss(client, put, answer, { ...base, modRevision }, left());
    if (!force || tries >= FORCED_TRIES) throw await conflict(client, { ...base, modRevision }, kv, left());
    expected = { modRevision: kv?.modRevision ?? '0', clusterId: header.clusterId };
  }
}

/** What has become of the key of an unchanged buffer. */
async function sinceRead(client: Client, key: Key, base: Base, options: CallOptions): Promise<Pick<Written, 'now' | 'unasked'>> {
  try {
    const { header, kvs } = await client.range({ key, keysOnly: true }, { ...options, budget: Math.min(LOOK, options.budget) });
    if (base.clusterId !== '') sameCluster(client, base.clusterId, header.clusterId, 'answers there');
    const now = kvs[0]?.modRevision ?? '0';
    return now === base.modRevision ? {} : { now };
  } catch (thrown) {
    if (thrown instanceof EtcdError && thrown.code !== 'cluster_changed' && thrown.code !== 'cancelled') return { unasked: thrown.message };
    throw thrown;
  }
}

/** What a forced put compares with. Nobody has forced it onto another cluster before being told of it: then base has no clusterId. */
async function asItIs(
  client: Client,
  { key, base }: PutRequest,
  options: CallOptions,
): Promise<{ modRevision: Revision; clusterId: string }> {
  const { header, kv } = await readKey(client, key, undefined, options);
  if (base !== undefined && base.clusterId !== '') sameCluster(client, base.clusterId, header.clusterId, 'answers there');
  return { modRevision: kv?.modRevision ?? '0', clusterId: header.clusterId };
}

function asDenied(thrown: unknown): EtcdError {
  if (thrown instanceof EtcdError && thrown.code === 'permission_denied' && !thrown.elsewhere) return thrown;
  throw thrown;
}

/** Said before by the client wherever it could be known before. */
function sameCluster(client: Client, expected: string, now: string, did: string): void {
  if (now === expected) return;
  throw new EtcdError('cluster_changed', `cluster ${now} ${did} now, not ${expected}`, {
    endpoint: client.endpoint(),
    hint: 'your text is still here; :e! reads the key anew, :w! writes it to that cluster',
  });
}
