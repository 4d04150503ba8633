/** Before a write: whether the cluster that it was decided on is the one that answers. */
import { decodeHeader, decodeRange, fieldsOf } from './decoders.js';
import type { Header, Key, KeyValue } from './codec.js';
import { isEtcdError, withTraits } from './errors.js';
import type { Exchange, Gateway } from './gateway.js';
import { clusterChanged, keyObjection, objection, type Lineage } from './lineage.js';
import { rangeBody, type Known } from './txn.js';

/**
 * Asks only if another connection is used than the one that the key was read over: as long as that one is open, the same
 * process is behind it.
 * @throws EtcdError cluster_changed, and what reading the key throws; nothing was written
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

/** The value too, because at one revision it can be another one in a cluster that was restored. */
async function look(lineage: Lineage, gateway: Gateway, exchange: Exchange, key: Key, seen: Header): Promise<Looked> {
  const mark = lineage.mark();
  try {
    const { header, kvs } = decodeRange(await gateway.post('/v3/kv/range', rangeBody({ key }), exchange), { key });
    return { header: lineage.heard(header, mark, gateway.link()), kv: kvs[0] };
  } catch (thrown) {
    if (!isEtcdError(thrown, 'permission_denied')) throw thrown;
    // Who may only write is told what anybody is: which cluster it is. How far it has come, this member need not know.
    const { header } = fieldsOf(await gateway.post('/v3/maintenance/status', {}, exchange), 'status');
    return { header: { ...seen, clusterId: decodeHeader(header).clusterId }, kv: undefined };
  }
}

interface Looked {
  header: Header;
  kv: KeyValue | undefined;
}
