/**
 * The body of an answer: it is read up to a size that this process can hold, and parsed. It is remote data, so nothing in it is trusted.
 */
import { EtcdError, notEtcd } from './errors.js';

/**
 * A larger answer is refused: its text and what is parsed from it take several times as much memory. Values are a third larger in it.
 * etcd takes none over 1.5 MiB, unless --max-request-bytes says otherwise.
 */
const MAX_ANSWER_BYTES = 96 * 1024 * 1024;
/** Nobody reads more than this of an error. */
const MAX_ERROR_BYTES = 64 * 1024;
/** Up to this size even the worst JSON is harmless… */
const SMALL = 512 * 1024;
/** …and above it JSON may hold this many commas and brackets. (A page of 32,000 keys has 192,000.) */
const MAX_TOKENS = 300_000;

/**
 * @param whole true for an answer, which is refused if it is too large; false for an error, which is cut off
 * @param onBytes hears of each chunk
 * @param most bytes of an answer; by default as many as this process can hold
 * @throws EtcdError too_large, and what the stream throws
 */
export async function readBody(
  body: AsyncIterable<Buffer>,
  whole: boolean,
  endpoint: string,
  onBytes: (bytes: number) => void,
  most = MAX_ANSWER_BYTES,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  let tokens = 0;
  // Leaving the loop destroys the stream, and with it the connection.
  for await (const chunk of body) {
    size += chunk.length;
    onBytes(chunk.length);
    chunks.push(chunk);
    if (!whole && size > MAX_ERROR_BYTES) break;
    if (size > most) throw tooLargeError(`the answer is over ${most / 1024 / 1024} MiB`, endpoint);
    if (size > SMALL) tokens += size - chunk.length > SMALL ? tokensIn(chunk) : chunks.reduce((sum, each) => sum + tokensIn(each), 0);
    if (tokens > MAX_TOKENS) throw tooLargeError('the answer has too many parts', endpoint);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @throws EtcdError unsupported if it is not a JSON object */
export function parseBody<Answer>(text: string, endpoint: string): Answer {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw notEtcd('the answer is not JSON', endpoint);
  }
  if (typeof answer !== 'object' || answer === null) throw notEtcd('the answer is not an object', endpoint);
  return answer as Answer;
}

/** Of a large chunk one part in this many is looked at. Nobody can foresee which. */
const SAMPLE = 8;

/** About how many commas and opening brackets there are. Each becomes an object or an element in memory. */
function tokensIn(chunk: Buffer): number {
  const parts = chunk.length > 8192 ? SAMPLE : 1;
  const length = Math.floor(chunk.length / parts);
  const start = Math.floor(Math.random() * (chunk.length - length));
  let tokens = 0;
  // By index, because the iterator takes five times as long.
  for (let i = start; i < start + length; i++) {
    const byte = chunk[i];
    if (byte === 0x2c || byte === 0x5b || byte === 0x7b) tokens++;
  }
  return tokens * parts;
}

function tooLargeError(why: string, endpoint: string): EtcdError {
  return new EtcdError('too_large', why, { endpoint, indefinite: true });
}
