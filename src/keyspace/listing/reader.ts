/** Asks the questions of one listing. All are asked at the revision of the first answer, and in a way that this server takes. */
import {
  EtcdError,
  isEtcdError,
  type CallOptions,
  type Client,
  type Key,
  type RangeKeys,
  type RangeRequest,
  type Revision,
} from '../../client/index.js';
import { learn, limitsOf } from '../write/limits.js';
import type { Question } from './gaps.js';

export interface ReadHeader {
  revision: Revision;
  clusterId: string;
  /** True if one member answered without a quorum. */
  stale: boolean;
}

export interface Reader {
  /** @returns the answers, in the questions' order */
  ask(questions: readonly Question[]): Promise<RangeKeys[]>;
  /** Asks one question whose answer is large. @returns the count of its keys; after a broken connection some come twice */
  scan(question: Question, onKey: (key: Key) => void): Promise<number>;
  /** How many questions one ask() may hold. */
  most(): number;
  /** The header of the answers; known from the first one on. */
  header(): ReadHeader;
}

export interface ReadRequest {
  /** The revision to read at. The default is that of the first answer. */
  revision: Revision | undefined;
  /** The cluster to read from. The default is the one of the first answer. */
  clusterId: string | undefined;
  /** Whether one member's own data will do if the quorum is lost. */
  mayBeStale: boolean;
}

/** Nothing has been asked yet. */
export function openReader(client: Client, { revision, clusterId, mayBeStale }: ReadRequest, options: CallOptions): Reader {
  let header: ReadHeader | undefined;
  let most = limitsOf(client).operations;
  let serializable = true;

  function requestOf({ start, end, probe, limit }: Question): RangeRequest {
    const pinned = revision ?? header?.revision;
    const cluster = clusterId ?? header?.clusterId;
    return {
      key: start,
      rangeEnd: probe ?? end,
      keysOnly: true,
      ...(limit > 0 && { limit }),
      ...(pinned !== undefined && { revision: pinned }),
      ...(cluster !== undefined && { clusterId: cluster }),
      ...(header?.stale ? { stale: 'only' } : header && serializable && { serializable }),
      ...(!header && mayBeStale && { stale: 'allowed' }),
    };
  }

  /** A member that is late may not have that revision yet. Then only the leader can answer. */
  async function withLeader<T>(send: () => Promise<T>): Promise<T> {
    // Another request may have found that out meanwhile.
    const wasSerializable = serializable;
    try {
      return await send();
    } catch (thrown) {
      if (!isEtcdError(thrown, 'future_revision') || !header) throw thrown;
      if (!wasSerializable) throw revision === undefined && !header.stale ? wentBack(thrown) : thrown;
      serializable = false;
      return withLeader(send);
    }
  }

  async function ask(questions: readonly Question[]): Promise<RangeKeys[]> {
    try {
      const answer = await withLeader(() => client.rangeMany(questions.map(requestOf), options));
      const { clusterId: cluster, revision: newest } = answer.header;
      header ??= { clusterId: cluster, revision: revision ?? newest, stale: answer.stale };
      return answer.ranges;
    } catch (thrown) {
      if (!isEtcdError(thrown, 'too_many_ops') || questions.length === 1) throw thrown;
      const half = Math.ceil(questions.length / 2);
      most = Math.min(most, half);
      learn(client, { operations: half });
      return [...(await ask(questions.slice(0, half))), ...(await ask(questions.slice(half)))];
    }
  }

  return {
    ask,
    async scan(question, onKey) {
      if (!header?.stale) return (await withLeader(() => client.scan(requestOf(question), onKey, options))).count;
      const [answer] = (await ask([question])) as [RangeKeys];
      answer.keys.forEach(onKey);
      return answer.count;
    },
    most: () => most,
    header() {
      if (!header) throw new EtcdError('internal', 'nothing was asked');
      return header;
    },
  };
}

/** Even the leader no longer has what it had when the listing began. */
function wentBack(cause: EtcdError): EtcdError {
  return new EtcdError(
    'cluster_changed',
    'the cluster went back while it was listed: it was restored from a backup, or another one answers',
    {
      cause,
      ...(cause.endpoint !== undefined && { endpoint: cause.endpoint }),
      subject: { reason: 'read_elsewhere' },
    },
  );
}
