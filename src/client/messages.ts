/** The messages of an answer that goes on: one JSON object on each line (https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/). */
import { fromAnswer } from './answers.js';
import { parseBody } from './body.js';
import { fieldsOf, type Fields } from './decoders.js';
import { EtcdError, fromTransport, notEtcd } from './errors.js';
import { located } from './question.js';

/** The limit of one line. All events of a txn are in one line, each with the values before and after. */
const MOST_BYTES = 96 * 1024 * 1024;
const NEWLINE = 10;

/**
 * @param signal ends it
 * @returns what is in `result`, message by message
 * @throws EtcdError unavailable when the connection breaks or the server ends it; cancelled; what the server says itself; unsupported
 * for anything that is no message
 */
export async function* readMessages(chunks: AsyncIterable<Buffer>, endpoint: string, signal?: AbortSignal): AsyncGenerator<Fields, never> {
  try {
    for await (const line of lines(chunks, endpoint)) yield resultOf(line, endpoint);
  } catch (thrown) {
    throw located(fromTransport(signal?.aborted ? signal.reason : thrown, endpoint), endpoint);
  }
  throw new EtcdError('unavailable', 'the server has ended the stream', { retryable: true, endpoint });
}

/**
 * @param accept looks at the first message
 * @returns the same messages, once the first one has come
 * @throws what `accept` throws, and then it stops reading
 */
export async function begun(
  messages: AsyncGenerator<Fields, never>,
  accept: (first: Fields) => void,
): Promise<AsyncGenerator<Fields, never>> {
  const { value: first } = await messages.next();
  try {
    accept(first);
  } catch (thrown) {
    await messages.return(undefined as never);
    throw thrown;
  }
  return (async function* () {
    yield first;
    return yield* messages;
  })();
}

/** The lines without their newlines. The last one may have none: 3.4 says goodbye like that. */
async function* lines(chunks: AsyncIterable<Buffer>, endpoint: string): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, at)]).toString('utf8');
      [parts, size, from] = [[], 0, at + 1];
    }
    parts.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > MOST_BYTES) throw notEtcd('a message is too long', endpoint);
  }
  if (size > 0) yield Buffer.concat(parts).toString('utf8');
}

function resultOf(line: string, endpoint: string): Fields {
  const { result, error } = parseBody<Fields>(line, endpoint);
  if (error === undefined) return fieldsOf(result, 'result');
  const { http_code } = fieldsOf(error, 'error');
  throw fromAnswer(typeof http_code === 'number' ? http_code : 503, line, endpoint);
}
