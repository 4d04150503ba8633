/** The keys, from etcd. If etcd cannot be reached, they come from the cache, if the user allows that. */
import { openReader, overNodeHttp } from '../client/index.js';
import { isAway, readSources, shown, type Reading } from '../env/read.js';
import { recall, store } from './cache.js';
import { tell } from './failure.js';
import type { Options } from './options.js';

/**
 * @param warn hears, in one line, what is used instead
 * @returns `age` in ms if it is not from etcd
 * @throws EtcdError as readSources()
 */
export async function fetchSources(options: Options, warn: (text: string) => void): Promise<Reading & { age?: number }> {
  const { keys, cluster, away, timeout } = options;
  const client = openReader({ ...cluster, onNotice: (text) => warn(text.replace(/^etcd: /, '')) }, overNodeHttp);
  try {
    const reading = await readSources(client, options, { budget: timeout });
    remember(options, reading, warn);
    return reading;
  } catch (thrown) {
    if (!isAway(thrown)) throw thrown;
    const why = tell(thrown, keys.map(shown).join(', ')).line.replace(/^etcdenv: /, '');
    const known = away.cache === undefined ? undefined : recall(away.cache, keys, Date.now(), away.maxAge);
    if (typeof known === 'object') {
      warn(`${why}; using ${String(away.cache)}, ${Math.round(known.age / 1000)} s old, revision ${known.header.revision}`);
      return known;
    }
    if (known !== undefined) warn(known);
    if (!away.fallback) throw thrown;
    warn(`${why}; going on without it`);
    return { header: { clusterId: '', revision: '0' }, sources: [], age: 0 };
  } finally {
    await client.close();
  }
}

/** Stores it in the -cache, if there is one. If the cache cannot be written, the command still starts. */
export function remember({ away, keys }: Options, reading: Reading, warn: (text: string) => void): void {
  if (away.cache === undefined) return;
  try {
    store(away.cache, keys, reading, Date.now());
  } catch (thrown) {
    warn((thrown as Error).message);
  }
}
