/** One HTTP request to one endpoint of etcd's JSON gateway. Knows no retry, no rotation and no meaning. */
import { Pool } from 'undici';
import { fromAnswer, fromTransport, notEtcd, EtcdError } from './errors.js';
import type { RawHeader } from './codec.js';

export interface Gateway {
  /** The endpoint as messages name it, e.g. `http://127.0.0.1:2379`. */
  readonly endpoint: string;
  /**
   * @param path below the endpoint, e.g. `/v3/kv/range`
   * @param body the request, built from types only: the gateway ignores fields it does not know
   * @param deadline ms for the whole exchange; the server is told too (`grpc-timeout`)
   * @returns the answer, which has a header
   * @throws EtcdError
   */
  post<Answer extends { header?: RawHeader }>(path: string, body: object, deadline: number, signal?: AbortSignal): Promise<Answer>;
  /**
   * The same for an answer of any size: `onChunk` gets the body of a success as it comes, and nothing of it is kept.
   * @throws EtcdError also after some chunks
   */
  stream(path: string, body: object, deadline: number, onChunk: (chunk: Buffer) => void, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** An answer over this many bytes is refused: it would be the memory of the whole process. */
const MAX_ANSWER_BYTES = 128 * 1024 * 1024;
const CONNECTIONS = 4;

/** @param endpoint `http://host:port` or `https://host:port` */
export function openGateway(endpoint: string): Gateway {
  const pool = new Pool(endpoint, {
    connections: CONNECTIONS,
    keepAliveTimeout: 60_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 3000, rejectUnauthorized: true },
  });

  async function exchange(path: string, body: object, signal: AbortSignal, deadline: number, onChunk?: (chunk: Buffer) => void) {
    const answer = await pool.request({
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'grpc-timeout': `${Math.ceil(deadline)}m` },
      body: JSON.stringify(body),
      signal,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      if (onChunk && answer.statusCode === 200) {
        onChunk(chunk);
        continue;
      }
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) {
        answer.body.destroy();
        throw new EtcdError('too_large', `the answer is over ${MAX_ANSWER_BYTES} bytes`, { endpoint });
      }
      chunks.push(chunk);
    }
    return { status: answer.statusCode, text: Buffer.concat(chunks).toString('utf8') };
  }

  /** A success, or what went wrong as an EtcdError. */
  async function send(path: string, body: object, deadline: number, signal?: AbortSignal, onChunk?: (chunk: Buffer) => void) {
    const limit = AbortSignal.timeout(Math.max(1, Math.ceil(deadline)));
    try {
      const { status, text } = await exchange(path, body, signal ? AbortSignal.any([signal, limit]) : limit, deadline, onChunk);
      if (status !== 200) throw fromAnswer(status, text, endpoint);
      return text;
    } catch (thrown) {
      throw fromTransport(signal?.aborted ? signal.reason : thrown, endpoint);
    }
  }

  return {
    endpoint,
    async post<Answer extends { header?: RawHeader }>(path: string, body: object, deadline: number, signal?: AbortSignal) {
      return parseAnswer<Answer>(await send(path, body, deadline, signal), endpoint);
    },
    async stream(path, body, deadline, onChunk, signal) {
      await send(path, body, deadline, signal, onChunk);
    },
    close: () => pool.destroy(),
  };
}

function parseAnswer<Answer extends { header?: RawHeader }>(text: string, endpoint: string): Answer {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw notEtcd('the answer is not JSON', endpoint);
  }
  if (typeof answer !== 'object' || answer === null || typeof (answer as Answer).header?.cluster_id !== 'string') {
    throw notEtcd('the answer has no cluster_id', endpoint);
  }
  return answer as Answer;
}
