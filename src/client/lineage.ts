/**
 * Whether the cluster that answers is the one that has answered before. `cluster_id` alone does not tell. It is made of the names and
 * peer URLs of the first members, so all single etcds with default settings have the same one (and the same member_id). A backup that
 * was restored keeps it, too. These tell as well, in answers that need a quorum:
 *
 * - The revision and the raft_term (that of the last entry applied) of one cluster never go back.
 * - A key's mod_revision, create_revision and version only grow, and at one mod_revision it has one value.
 *
 * Two cases cannot be told apart before anything is sent. One is another cluster with the same id that has come at least as far, for a
 * key that does not exist or a write that is forced. The other is a key with exactly the same history, value included. Nor can we see
 * through a proxy that leads elsewhere while the connection to it stays open; only the answers after that tell.
 */
import { digestOf, type Header, type KeyValue } from './codec.js';
import { EtcdError } from './errors.js';
import type { Known } from './txn.js';

/** What was known of a cluster when a request was sent. */
export interface Mark {
  readonly latest: Header | undefined;
  readonly life: number;
}

export interface Lineage {
  /** Take it before a request is sent: what is heard meanwhile may be newer than its answer. */
  mark(): Mark;
  /**
   * Takes in the header of an answer that needed a quorum.
   * @param link the connection that it may have come over, as Gateway.link()
   * @returns it, with `via`
   */
  heard(header: Header, mark: Mark, link: string): Header;
  /** The furthest point that the cluster which answers now is known to have reached. */
  latest(): Header | undefined;
  /** Whether the cluster of `seen` still answers over `link`. If so, nobody has to ask. */
  isSure(seen: Header, link: string): boolean;
  /** Whether another cluster has answered since `seen`, in this process. Then nobody has to ask either. */
  isPast(seen: Header): boolean;
}

let lineages = 0;

/** Of one client; nothing has been heard yet. */
export function openLineage(): Lineage {
  const own = `${process.pid}-${Date.now().toString(36)}-${++lineages}`;
  /** Changes each time that another cluster has answered. */
  let life = 0;
  let latest: Header | undefined;
  const viaOf = (link: string): string => `${own}.${life}/${link}`;

  return {
    mark: () => ({ latest, life }),
    heard(header, mark, link) {
      // A request that was sent before another cluster was noticed may have been answered by either.
      if (mark.life !== life) return header;
      if (mark.latest && objection(mark.latest, header) !== undefined) {
        life++;
        latest = undefined;
      }
      const heard = { ...header, via: viaOf(link) };
      if (!latest || BigInt(header.revision) >= BigInt(latest.revision)) latest = { ...latest, ...heard };
      return heard;
    },
    latest: () => latest,
    isSure: ({ via, clusterId }, link) => via === viaOf(link) && clusterId === latest?.clusterId,
    isPast({ via = '' }) {
      const [client = '', number = ''] = (via.split('/')[0] as string).split('.');
      return client === own && Number(number) < life;
    },
  };
}

/** @returns why `now`, of an answer that needed a quorum, cannot be of the cluster of `seen`; undefined if it can */
export function objection(seen: Header, now: Header): string | undefined {
  if (now.clusterId !== seen.clusterId) return `cluster ${now.clusterId} answers there now, not ${seen.clusterId}`;
  if (BigInt(now.revision) < BigInt(seen.revision))
    return `the cluster's revision went back from ${seen.revision} to ${now.revision}: ${WHY}`;
  if (seen.raftTerm === undefined || now.raftTerm === undefined || BigInt(now.raftTerm) >= BigInt(seen.raftTerm)) return undefined;
  return `the cluster's raft term went back from ${seen.raftTerm} to ${now.raftTerm}: ${WHY}`;
}

/** @returns why the key that was read cannot have become `kv`, value included; undefined if it can */
export function keyObjection(
  { modRevision, createRevision = '0', version = '0', digest = '' }: Omit<Known, 'key'>,
  kv: KeyValue | undefined,
): string | undefined {
  if (!kv || modRevision === '0') return undefined;
  const [now, then] = [BigInt(kv.modRevision), BigInt(modRevision)];
  if (now < then) return `the key's revision went back from ${modRevision} to ${kv.modRevision}: ${WHY}`;
  const [made, madeThen] = [BigInt(kv.createRevision), BigInt(createRevision)];
  const [changes, changesThen] = [BigInt(kv.version), BigInt(version)];
  const isSame = now === then && (createRevision === '0' || made === madeThen) && (version === '0' || changes === changesThen);
  const isLater = now > then && made >= madeThen && (made !== madeThen || changes > changesThen);
  const isOther = now === then && digest !== '' && digestOf(kv.value) !== digest;
  return (isSame || isLater) && !isOther ? undefined : `the key has another history than the one that was read: ${WHY}`;
}

/** The reason that is given if a history does not fit. */
export const WHY = 'it was restored from a backup, or another cluster answers there';

/** @param why as objection() says it */
export function clusterChanged(why: string, endpoint: string): EtcdError {
  return new EtcdError('cluster_changed', why, { endpoint, subject: { reason: 'write_elsewhere' } });
}
