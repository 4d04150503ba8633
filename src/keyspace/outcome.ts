/**
 * What became of a put whose answer was lost. The client has resent the same txn already; a resend that loses its compare also
 * fences: no late original can win any more, because a revision is never had twice. What is left to find out is whose the
 * change was that it lost to.
 */
import {
  changed,
  EtcdError,
  objection,
  type CallOptions,
  type Client,
  type CompareAndPut,
  type CompareAndPutAnswer,
  type KeyValue,
} from '../etcd/index.js';
import { conflict, overwritten, type Before } from './conflict.js';
import { firstChange } from './history.js';

/**
 * The put ended in an error: what etcd holds now tells.
 * @returns the answer of a resend that lost its compare, as far as it can be told by reading; afterLoss() takes it from there
 * @throws EtcdError the error itself where nothing was written, else outcome_unknown
 */
export async function afterFailure(
  client: Client,
  put: CompareAndPut,
  thrown: unknown,
  options: CallOptions,
): Promise<CompareAndPutAnswer> {
  if (!(thrown instanceof EtcdError) || !thrown.indefinite) throw thrown;
  if (options.signal?.aborted) throw unknown(thrown);
  const answer = await client.range({ key: put.key }, options).catch(() => undefined);
  if (!answer || (put.seen && objection(put.seen, answer.header) !== undefined)) throw unknown(thrown);
  const [kv] = answer.kvs;
  if ((kv?.modRevision ?? '0') !== put.modRevision) return { header: answer.header, succeeded: false, kv, uncertain: true };
  // The key is as it was, which says something only where nothing is under way any more.
  throw thrown.settled ? changed(thrown, { indefinite: false }) : unknown(thrown);
}

/**
 * The put lost its compare, but an earlier attempt of it may have been what it lost to.
 * @param answer holds a value that is not ours
 * @returns what to throw: EtcdError conflict, lease_not_found, or outcome_unknown where the history cannot tell
 */
export async function afterLoss(
  client: Client,
  put: CompareAndPut,
  { kv, header }: CompareAndPutAnswer,
  before: Before,
  options: CallOptions,
): Promise<EtcdError> {
  const first = await firstChange(client, put.key, put.modRevision, { kv, ...header }, options).catch(() => undefined);
  if (first?.kv?.value.equals(put.value)) return overwritten(client, first.revision, kv);
  if (first?.certain) return conflict(client, before, kv, options);
  return new EtcdError(
    'outcome_unknown',
    `the connection failed while writing, ${nowAt(kv)}, and the history does not tell what was between`,
    {
      endpoint: client.endpoint(),
      hint: 'compare before you write again; :w! overwrites',
      ...(kv && { theirsRevision: kv.modRevision }),
    },
  );
}

function nowAt(kv: KeyValue | undefined): string {
  return kv ? `the key is now at revision ${kv.modRevision}` : 'the key is gone now';
}

/** @returns EtcdError outcome_unknown, of a put that ended in `cause` */
export function unknown(cause: EtcdError): EtcdError {
  return new EtcdError('outcome_unknown', `${cause.message}; etcd may or may not hold the new value`, {
    cause,
    ...(cause.endpoint !== undefined && { endpoint: cause.endpoint }),
    hint: `the text is still here; ${cause.hint ?? ':w tries again'}`,
  });
}
