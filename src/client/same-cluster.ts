/** Before a write: whether the cluster that answers is the one that the write was decided on. */
import { decodeHeader, decodeRange, fieldsOf } from './decoders.js';
import type { Header, Key, KeyValue } from './codec.js';
import { isEtcdError, withTraits } from './errors.js';
import type { Exchange, Gateway } from './gateway.js';
import { clusterChanged, keyObjection, objection, type Lineage } from './lineage.js';
import { rangeBody, type Known } from './txn.js';

/**
 * Asks only if the connection is not the one that the key was read over. While that one stays open, the same process answers on it.
 * @throws EtcdError cluster_changed, and whatever reading the key throws; nothing was written
 */
export async function sameCluster(
  lineage: Lineage,
  gateway: Gateway,
  exchange: Exchange,
  { seen, known }: { seen: Header | undefined; known: Known | undefined },
): Promise<void> {
  if (seen === undefined || known === undefined || lineage.isSure(seen, gateway.link())) return;
  const { header, kv } = await look(lineage, gateway, exchange, known.key, seen).catch((thrown: unknown) => {
    throw withTraits(thrown, { indefinite: false, endpoint: gateway.endpoint });
  });
  const past = lineage.isPast(seen) ? 'another cluster has answered there since the key was read' : undefined;
  const why = objection(seen, header) ?? keyObjection(known, kv) ?? past;
  if (why !== undefined) throw clusterChanged(why, gateway.endpoint);
}

/** Reads the value too: in a cluster that was restored, the same revision may have another value. */
async function look(lineage: Lineage, gateway: Gateway, exchange: Exchange, key: Key, seen: Header): Promise<Looked> {
  const mark = lineage.mark();
  try {
    const { header, kvs } = decodeRange(await gateway.post('/v3/kv/range', rangeBody({ key }), exchange), { key });
    return { header: lineage.heard(header, mark, gateway.link()), kv: kvs[0] };
  } catch (thrown) {
    if (!isEtcdError(thrown, 'permission_denied')) throw thrown;
    // A user who may only write still learns which cluster it is, because anybody may ask that. This member need not know how far the
    // cluster has come.
    const { header } = fieldsOf(await gateway.post('/v3/maintenance/status', {}, exchange), 'status');
    return { header: { ...seen, clusterId: decodeHeader(header).clusterId }, kv: undefined };
  }
}

interface Looked {
  header: Header;
  kv: KeyValue | undefined;
}
