/** One key's value: what an address opens, and the compare-and-put that writes it back. */
import { createHash } from 'node:crypto';
import { EtcdError, prefixEnd, type CallOptions, type Client, type Header, type Key, type KeyValue, type Revision } from '../etcd/index.js';

/** What a buffer knows of the value it was read from: enough to write it back safely. */
export interface Base {
  modRevision: Revision;
  /** Of the value's bytes: an unchanged buffer sends nothing. */
  digest: string;
  clusterId: string;
}

export interface Written {
  modRevision: Revision;
  /** Of the bytes that etcd holds now. */
  digest: string;
  clusterId: string;
  created: boolean;
  /** The bytes were what etcd held already, and nothing was sent. */
  unchanged: boolean;
}

export interface PutRequest {
  key: Key;
  value: Buffer;
  /** What was read; without it the key must not exist, unless forced. */
  base?: Base;
  /** `:w!`: over whatever is there now, still by a compare with what is there now. */
  force: boolean;
}

/** @returns SHA-256, hexadecimal */
export function digestOf(value: Buffer): string {
  return createHash('sha256').update(value).digest('hex');
}

/** @returns undefined where the key does not exist (at that revision) */
export async function readKey(
  client: Client,
  key: Key,
  revision: Revision | undefined,
  options: CallOptions,
): Promise<{ header: Header; kv: KeyValue | undefined }> {
  const answer = await client.range({ key, ...(revision !== undefined && { revision }) }, options);
  return { header: answer.header, kv: answer.kvs[0] };
}

/** Whether anything lies under `prefix`. */
export async function isPrefix(client: Client, prefix: Key, revision: Revision, options: CallOptions): Promise<boolean> {
  const answer = await client.range({ key: prefix, rangeEnd: prefixEnd(prefix), limit: 1, keysOnly: true, revision }, options);
  return answer.count > 0;
}

/**
 * Compare-and-put: never a bare put, because one that timed out can land later, over newer data.
 * @throws EtcdError conflict (nothing was written), outcome_unknown (etcd may or may not hold the value), and the client's
 */
export async function writeKey(client: Client, request: PutRequest, options: CallOptions): Promise<Written> {
  const { key, value, base, force } = request;
  const digest = digestOf(value);
  if (base && !force && base.digest === digest) {
    return { modRevision: base.modRevision, digest, clusterId: base.clusterId, created: false, unchanged: true };
  }
  if (base && base.clusterId !== '' && !force) await sameCluster(client, key, base, options);
  const modRevision = force ? await currentRevision(client, key, options) : (base?.modRevision ?? '0');
  const answer = await client.compareAndPut({ key, value, modRevision }, options).catch((thrown: unknown) => {
    throw asOutcome(thrown);
  });
  const { clusterId, revision } = answer.header;
  const created = modRevision === '0';
  if (answer.succeeded) return { modRevision: revision, digest, clusterId, created, unchanged: false };
  const theirs = answer.theirs?.kvs[0];
  if (answer.uncertain) {
    // The attempt before may have been ours and applied: then etcd holds our bytes. (The compare fences a late original.)
    if (theirs?.value.equals(value)) return { modRevision: theirs.modRevision, digest, clusterId, created, unchanged: false };
    throw new EtcdError(
      'outcome_unknown',
      `the connection failed while writing and the key is now at revision ${theirs?.modRevision ?? 'none'}`,
      {
        endpoint: client.endpoint(),
        hint: 'compare before writing again; :w! overwrites',
      },
    );
  }
  throw conflict(modRevision, theirs, client.endpoint());
}

async function currentRevision(client: Client, key: Key, options: CallOptions): Promise<Revision> {
  const { kv } = await readKey(client, key, undefined, options);
  return kv?.modRevision ?? '0';
}

/** Revisions of another cluster mean nothing here. Only a base at the very revision of another key space could slip through. */
async function sameCluster(client: Client, key: Key, base: Base, options: CallOptions): Promise<void> {
  const { header } = await client.range({ key, countOnly: true }, options);
  if (header.clusterId === base.clusterId) return;
  throw new EtcdError('cluster_changed', `cluster ${header.clusterId} answers there now, the buffer was read from ${base.clusterId}`, {
    endpoint: client.endpoint(),
    hint: ':e! reads it anew',
  });
}

function asOutcome(thrown: unknown): unknown {
  if (!(thrown instanceof EtcdError) || !thrown.indefinite) return thrown;
  return new EtcdError('outcome_unknown', `${thrown.message}; etcd may or may not hold the new value`, {
    cause: thrown,
    ...(thrown.endpoint && { endpoint: thrown.endpoint }),
    hint: 'the text is still here; :w tries again',
  });
}

function conflict(base: Revision, theirs: KeyValue | undefined, endpoint: string): EtcdError {
  if (!theirs) {
    return new EtcdError('conflict', `it was deleted since it was read at revision ${base}`, { endpoint, hint: ':w! creates it again' });
  }
  if (base === '0') {
    return new EtcdError('conflict', `the key exists, at revision ${theirs.modRevision}`, {
      endpoint,
      hint: 'add ! to overwrite, or :e! to read it',
    });
  }
  return new EtcdError('conflict', `read at revision ${base}, changed at revision ${theirs.modRevision} since`, {
    endpoint,
    hint: ':e! takes theirs, :w! keeps yours',
  });
}
