/** One change of one key, as a list of changes shows it. */
import { hexadecimal, type CallOptions, type Client, type Key, type KeyValue, type Revision, type WatchEvent } from '../../client/index.js';
import { hasEnded } from '../lease/ended.js';
import { excerptOf } from '../look/excerpt.js';

export interface Change {
  key: Key;
  revision: Revision;
  /**
   * The revision at which the key can be read as it was then. It is another one if the key was put before the oldest revision that etcd
   * still has.
   */
  at: Revision;
  kind: 'put' | 'delete';
  /** Bytes of the value. */
  size: number;
  version: string;
  /** '0': none. */
  lease: string;
  /** What was changed, in a word or two. */
  what: string;
  /** The first line of the value that says something. A long one is cut. */
  excerpt: string;
}

/** Characters of an excerpt. */
const WIDTH = 60;

/** Says whether a lease has ended. */
export type LeaseEnded = (lease: string) => Promise<boolean>;

/** Asks etcd once for each lease. */
export function leasesEnded(client: Client, options: CallOptions): LeaseEnded {
  const known = new Map<string, Promise<boolean>>();
  return async (lease) => {
    const answer = known.get(lease) ?? hasEnded(client, lease, options);
    known.set(lease, answer);
    return answer;
  };
}

/** @param event with what the key was before */
export async function changeOf({ type, kv, prevKv }: WatchEvent, ended: LeaseEnded): Promise<Change> {
  const { key, modRevision: revision, value, version, lease } = kv;
  const common = { key, revision, at: revision, kind: type, size: value.length, version, lease, excerpt: excerptOf(value, WIDTH) };
  if (type === 'put') return { ...common, what: whatOf(kv, prevKv) };
  // etcd does not tell who has deleted a key. It may have gone with its lease, or was deleted while it had one.
  const isExpired = prevKv !== undefined && (await ended(prevKv.lease));
  return { ...common, what: isExpired ? 'expired' : 'deleted' };
}

/** The change that was put before the oldest revision that etcd has, and still held at `at`. */
export function keptChange({ key, modRevision: revision, value, version, lease }: KeyValue, at: Revision): Change {
  const excerpt = excerptOf(value, WIDTH);
  return { key, revision, at, kind: 'put', size: value.length, version, lease, what: 'older versions are compacted', excerpt };
}

function whatOf(kv: KeyValue, before: KeyValue | undefined): string {
  if (kv.version === '1') return 'created';
  if (!before) return 'changed';
  const by = kv.value.length - before.value.length;
  const size = by === 0 ? 'same size' : `${by > 0 ? '+' : ''}${by} B`;
  const value = kv.value.equals(before.value) ? [] : [size];
  const words = kv.lease === before.lease ? value : [...value, kv.lease === '0' ? 'lease off' : `lease ${hexadecimal(kv.lease)}`];
  return words.length === 0 ? 'same bytes' : words.join(', ');
}
