/** Data of etcd's v2 API. It is not among the keys of v3, so an etcd that has nothing else looks empty. */
import type { CallOptions, Connection } from './connection.js';
import { fieldsOf, listOf } from './decoders.js';
import type { Header } from './codec.js';

/** The revision of a v3 store in which nothing was ever written. */
const UNTOUCHED = '1';
/** Bytes of the answer, because it has the values of all keys at the top. */
const MOST = 4 * 1024 * 1024;

/** The words that follow a message about something that is not there. */
export const OLD_DATA = 'this etcd has data of its v2 API, which is not shown';

/**
 * Like Client.hasOldData(). Whatever goes wrong counts as no, because this is only a hint.
 * @param header of the answer that had nothing
 */
export async function hasOldData(connection: Connection, { revision }: Pick<Header, 'revision'>, options: CallOptions): Promise<boolean> {
  if (revision !== UNTOUCHED) return false;
  try {
    const gateways = await connection.gateways(options);
    const one = gateways.find(({ endpoint }) => endpoint === connection.endpoint());
    const end = performance.now() + options.budget;
    const answer = await one?.get('/v2/keys', { share: options.budget, end, mostBytes: MOST, signal: options.signal });
    return listOf(fieldsOf(fieldsOf(answer, 'answer')['node'], 'node')['nodes'], 'nodes').length > 0;
  } catch {
    return false;
  }
}
