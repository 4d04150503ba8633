/**
 * What happened to a key, read from its past. Reads at revisions and not a watch: they go through the endpoints, logins and
 * deadlines of every other read, see deletions on every version, and end by themselves. A compare-and-put is applied as the
 * first change behind its base or never, so that one change is all that has to be found, by halving.
 */
import { EtcdError, type CallOptions, type Client, type Key, type KeyValue, type Revision } from '../etcd/index.js';

export interface Change {
  revision: Revision;
  /** What the key was changed to; undefined where it was deleted. */
  kv: KeyValue | undefined;
  /** No change before this one can have been missed. */
  certain: boolean;
}

/**
 * The first change of `key` behind `base`.
 * @param base the mod_revision that the key had; '0': it did not exist
 * @param now what the key is at `revision`: not what it was at `base`
 * @returns undefined where compaction has taken what would tell
 * @throws EtcdError
 */
export async function firstChange(
  client: Client,
  key: Key,
  base: Revision,
  now: { kv: KeyValue | undefined; revision: Revision },
  options: CallOptions,
): Promise<Change | undefined> {
  if (base === '0') return firstCreation(client, key, now.kv, options);
  let [low, high] = [BigInt(base), BigInt(now.kv?.modRevision ?? now.revision)];
  let blind = false;
  for (let step = 0; high - low > 1n; step++) {
    // Mostly there was one change more than ours: the one before the last is then found by the first look.
    const probe = step % 2 === 0 ? high - 1n : low + (high - low) / 2n;
    const kv = await keyAt(client, key, probe, options);
    if (kv === 'compacted') [low, blind] = [probe, true];
    else if (kv?.modRevision === base) [low, blind] = [probe, false];
    else high = kv ? BigInt(kv.modRevision) : probe;
  }
  const kv = await keyAt(client, key, high, options);
  return blind || kv === 'compacted' ? undefined : { revision: String(high), kv, certain: true };
}

/** Nobody knows since when the key was not there: before it was created, it may have been created and deleted. */
async function firstCreation(client: Client, key: Key, now: KeyValue | undefined, options: CallOptions): Promise<Change | undefined> {
  if (!now) return undefined;
  const kv = await keyAt(client, key, BigInt(now.createRevision), options);
  return kv === 'compacted' ? undefined : { revision: now.createRevision, kv, certain: false };
}

async function keyAt(client: Client, key: Key, revision: bigint, options: CallOptions): Promise<KeyValue | undefined | 'compacted'> {
  try {
    const { kvs } = await client.range({ key, revision: String(revision) }, options);
    return kvs[0];
  } catch (thrown) {
    if (thrown instanceof EtcdError && thrown.code === 'compacted') return 'compacted';
    throw thrown;
  }
}
