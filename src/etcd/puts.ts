/** What belongs to puts beside the txn itself: a large one's answer, what one that is too large is told, and the put that cannot compare. */
import type { CompareAndPutAnswer } from './client.js';
import type { Header, Key } from './codec.js';
import type { CallOptions, Connection } from './connection.js';
import { decodeHeader, fieldsOf } from './decoders.js';
import { changed, type EtcdError } from './errors.js';
import { range } from './reads.js';
import { putBody, type CompareAndPut } from './requests.js';

/** Bytes of a value from which on every byte of the request may count: what the key is now is asked for on its own. */
export const LARGE = 512 * 1024;

/**
 * What the txn itself would have told, had there been room for the question.
 * @throws EtcdError after a lost compare, what asking ends with
 */
export async function afterwards(
  connection: Connection,
  key: Key,
  done: Omit<CompareAndPutAnswer, 'kv'>,
  options: CallOptions,
): Promise<CompareAndPutAnswer> {
  const { succeeded, uncertain } = done;
  try {
    const { header, kvs } = await range(connection, { key, keysOnly: succeeded }, options);
    if (!succeeded) return { header, succeeded, kv: kvs[0], uncertain };
    // Someone else's is no description of ours.
    return { ...done, kv: kvs.find(({ modRevision }) => modRevision === done.header.revision) };
  } catch (thrown) {
    if (!succeeded) throw changed(thrown as EtcdError, { indefinite: uncertain });
    return { ...done, kv: undefined };
  }
}

/** etcd counts the whole request, says neither how large it was nor, mostly, how large it may be. A proxy's words have it. */
export function measured(error: EtcdError, { key, value }: CompareAndPut): EtcdError {
  if (error.code !== 'too_large' || error.elsewhere) return error;
  const overhead = 2 * key.length + 50;
  return changed(error, {}, `${error.message}; the value has ${value.length} bytes, and key and compare add about ${overhead}`);
}

/** As Client.putUnseen(). */
export async function putUnseen(
  connection: Connection,
  { key, value }: { key: Key; value: Buffer },
  options: CallOptions,
): Promise<{ header: Header; created: boolean }> {
  const put = async (keepLease: boolean): Promise<Header> => {
    const body = putBody(key, value, keepLease);
    const decode = (raw: unknown): Header => decodeHeader(fieldsOf(raw, 'put')['header']);
    return (await connection.call({ path: '/v3/kv/put', body, decode }, { ...options, once: true })).answer;
  };
  try {
    return { header: await put(true), created: false };
  } catch (thrown) {
    if ((thrown as EtcdError).code !== 'not_found') throw thrown;
  }
  return { header: await put(false), created: true };
}
