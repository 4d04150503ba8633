/**
 * What happened to a key, read from its past. We read at revisions and do not watch. Reads go through the endpoints, logins and
 * deadlines of every other read, see deletions on every version, and end by themselves. A compare-and-put is applied as the first
 * change after its base or never. So only one change has to be found, by halving.
 */
import {
  isEtcdError,
  type CallOptions,
  type Client,
  type Key,
  type KeyValue,
  type RangeRequest,
  type Revision,
} from '../../client/index.js';

export interface Change {
  revision: Revision;
  /** What the key was changed to; undefined if it was deleted. */
  kv: KeyValue | undefined;
  /** No change before this one can have been missed. */
  certain: boolean;
}

/**
 * The first change of `key` after `base`.
 * @param base the mod_revision that the key had; '0': it did not exist
 * @param now what the key is at `revision` in cluster `clusterId`; it is not what it was at `base`
 * @returns undefined if compaction has removed what would tell
 * @throws EtcdError
 */
export async function firstChange(
  client: Client,
  key: Key,
  base: Revision,
  now: { kv: KeyValue | undefined; revision: Revision; clusterId: string },
  options: CallOptions,
): Promise<Change | undefined> {
  const { clusterId } = now;
  const keyAt = async (revision: bigint) => valueAt(client, { key, clusterId, revision: String(revision) }, options);
  if (base === '0') return firstCreation(keyAt, now.kv);
  let [low, high] = [BigInt(base), BigInt(now.kv?.modRevision ?? now.revision)];
  let blind = false;
  for (let step = 0; high - low > 1n; step++) {
    // Mostly there was one more change than ours. Then the first look finds it, just before the last change.
    const probe = step % 2 === 0 ? high - 1n : low + (high - low) / 2n;
    const kv = await keyAt(probe);
    if (kv === 'compacted') [low, blind] = [probe, true];
    else if (kv?.modRevision === base) [low, blind] = [probe, false];
    else high = kv ? BigInt(kv.modRevision) : probe;
  }
  const kv = await keyAt(high);
  return blind || kv === 'compacted' ? undefined : { revision: String(high), kv, certain: true };
}

type KeyAt = (revision: bigint) => Promise<KeyValue | undefined | 'compacted'>;

/** Nobody knows since when the key did not exist. Before this creation it may have been created and deleted. */
async function firstCreation(keyAt: KeyAt, now: KeyValue | undefined): Promise<Change | undefined> {
  if (!now) return undefined;
  const kv = await keyAt(BigInt(now.createRevision));
  return kv === 'compacted' ? undefined : { revision: now.createRevision, kv, certain: false };
}

async function valueAt(client: Client, request: RangeRequest, options: CallOptions): Promise<KeyValue | undefined | 'compacted'> {
  try {
    const { kvs } = await client.range(request, options);
    return kvs[0];
  } catch (thrown) {
    if (isEtcdError(thrown, 'compacted')) return 'compacted';
    throw thrown;
  }
}
