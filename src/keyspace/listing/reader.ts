/** Asks the questions of one listing: all at the revision of the first answer, in the way that this server takes them. */
import { EtcdError, type CallOptions, type Client, type Key, type RangeKeys, type RangeRequest, type Revision } from '../../etcd/index.js';
import type { Question } from './gaps.js';

export interface ReadHeader {
  revision: Revision;
  clusterId: string;
  /** What one member has, without a quorum. */
  stale: boolean;
}

export interface Reader {
  /** @returns the answers, in the questions' order */
  ask(questions: readonly Question[]): Promise<RangeKeys[]>;
  /** One question whose answer is large. @returns the count of its keys; after a broken connection some come twice */
  scan(question: Question, onKey: (key: Key) => void): Promise<number>;
  /** How many questions one ask() may hold. */
  most(): number;
  /** Of the answers; known from the first one on. */
  header(): ReadHeader;
}

/** What `--max-txn-ops` of etcd is unless it is set. */
const MOST_OPERATIONS = 128;

/**
 * @param revision to read at; that of the first answer without it
 * @param mayBeStale whether what one member has will do where the quorum is lost
 */
export function openReader(client: Client, revision: Revision | undefined, mayBeStale: boolean, options: CallOptions): Reader {
  let header: ReadHeader | undefined;
  let most = MOST_OPERATIONS;
  let serializable = true;

  function requestOf({ start, end, probe, limit }: Question): RangeRequest {
    const pinned = revision ?? header?.revision;
    return {
      key: start,
      rangeEnd: probe ?? end,
      keysOnly: true,
      ...(limit > 0 && { limit }),
      ...(pinned !== undefined && { revision: pinned }),
      ...(header?.stale ? { stale: 'only' } : header && serializable && { serializable }),
      ...(!header && mayBeStale && { stale: 'allowed' }),
    };
  }

  /** A member that lags behind may not have that revision yet: then only the leader's word will do. */
  async function withLeader<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (thrown) {
      if (!isCode(thrown, 'future_revision') || !header || !serializable) throw thrown;
      serializable = false;
      return withLeader(send);
    }
  }

  async function ask(questions: readonly Question[]): Promise<RangeKeys[]> {
    try {
      const answer = await withLeader(() => client.rangeMany(questions.map(requestOf), options));
      header ??= { ...answer.header, revision: revision ?? answer.header.revision, stale: answer.stale };
      return answer.ranges;
    } catch (thrown) {
      if (!isCode(thrown, 'too_many_ops') || questions.length === 1) throw thrown;
      const half = Math.ceil(questions.length / 2);
      most = Math.min(most, half);
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

function isCode(thrown: unknown, code: EtcdError['code']): boolean {
  return thrown instanceof EtcdError && thrown.code === code;
}
