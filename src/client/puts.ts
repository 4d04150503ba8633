/** Transactions, the compare-and-put that is made from one, and the put that cannot compare. */
import type { Header, Key } from './codec.js';
import { spending } from './spending.js';
import type { CallOptions, Connection } from './connection.js';
import { decodeHeader, fieldsOf } from './decoders.js';
import { isEtcdError, withTraits } from './errors.js';
import { range } from './reads.js';
import { sameCluster } from './same-cluster.js';
import { compareAndPutTxn, putBody, txnBody, writes, type CompareAndPut, type Known, type PutOperation, type TxnRequest } from './txn.js';
import { decodeTxn, kvsOf, type PutAnswer, type TxnAnswer } from './txn-answer.js';

export interface Uncertain {
  /** An earlier attempt may have been applied, so `succeeded: false` may be our own doing. */
  uncertain: boolean;
}

export type CompareAndPutAnswer = PutAnswer & Uncertain;

/** Bytes of a value. If it is larger, every byte of the request may count, so what the key is now is asked separately. */
const LARGE = 512 * 1024;
/** ms that a write waits for a server that is down, if it may have been carried out. It is longer than a restart. */
const RESTART = 5000;

/** As Client.txn(). */
export async function transact(connection: Connection, request: TxnRequest, options: CallOptions): Promise<TxnAnswer & Uncertain> {
  const { compare = [], seen, known } = request;
  const question = { path: '/v3/kv/txn', body: txnBody(request), decode: (raw: unknown) => decodeTxn(raw, request) };
  const once = compare.length === 0 && writes(request);
  const { answer, uncertain } = await connection.callLeader(question, { ...options, persist: RESTART, once }, async (gateway, exchange) =>
    sameCluster(connection.lineage, gateway, exchange, { seen, known: known ?? anyOf(request) }),
  );
  return { ...answer, uncertain };
}

/** A key to look at if another cluster may answer. Nothing is known of the key, so the header of the answer has to tell. */
function anyOf({ compare = [], then }: TxnRequest): Known | undefined {
  const keys = [...compare, ...then].flatMap((it) => ('key' in it ? [it.key] : []));
  return keys[0] === undefined ? undefined : { key: keys[0], modRevision: '0' };
}

/** As Client.compareAndPut(). */
export async function compareAndPut(connection: Connection, put: CompareAndPut, options: CallOptions): Promise<CompareAndPutAnswer> {
  const left = spending(options);
  const isLarge = put.value.length >= LARGE;
  const { seen, ...known } = put;
  const request = { ...compareAndPutTxn(put, isLarge), known, ...(seen && { seen }) };
  const sent = transact(connection, request, options);
  const { answers, ...done } = await sent.catch((thrown: unknown) => {
    throw measured(thrown, put);
  });
  if (!isLarge) return { ...done, kv: kvsOf(answers)[0] };
  return afterwards(connection, put.key, done, left());
}

/**
 * What the txn itself would have told if there had been room for the question.
 * @throws EtcdError after a lost compare, whatever asking throws
 */
async function afterwards(
  connection: Connection,
  key: Key,
  done: Omit<CompareAndPutAnswer, 'kv'>,
  options: CallOptions,
): Promise<CompareAndPutAnswer> {
  const { succeeded, uncertain } = done;
  try {
    const { header, kvs } = await range(connection, { key, keysOnly: succeeded }, options);
    if (!succeeded) return { header, succeeded, kv: kvs[0], uncertain };
    // If someone else has written since, theirs does not describe our write.
    return { ...done, kv: kvs.find(({ modRevision }) => modRevision === done.header.revision) };
  } catch (thrown) {
    if (!succeeded) throw withTraits(thrown, { indefinite: uncertain });
    return { ...done, kv: undefined };
  }
}

/**
 * etcd counts the whole request. It does not say how large that was, and seldom how large it may be. A proxy's error has the size already.
 */
function measured(thrown: unknown, { key, value }: CompareAndPut): unknown {
  if (!isEtcdError(thrown, 'too_large') || thrown.elsewhere) return thrown;
  const overhead = 2 * key.length + 50;
  return withTraits(thrown, {}, `${thrown.message}; the value has ${value.length} bytes, and key and compare add about ${overhead}`);
}

/** As Client.putUnseen(). */
export async function putUnseen(
  connection: Connection,
  { key, value }: { key: Key; value: Buffer },
  options: CallOptions,
): Promise<{ header: Header; created: boolean }> {
  const send = async (operation: Omit<PutOperation, 'op'>): Promise<Header> => {
    const decode = (raw: unknown): Header => decodeHeader(fieldsOf(raw, 'put')['header']);
    const question = { path: '/v3/kv/put', body: putBody(operation), decode };
    return (await connection.call(question, { ...options, once: true })).answer;
  };
  try {
    return { header: await send({ key, value, ignoreLease: true }), created: false };
  } catch (thrown) {
    if (!isEtcdError(thrown, 'not_found')) throw thrown;
  }
  return { header: await send({ key, value }), created: true };
}
