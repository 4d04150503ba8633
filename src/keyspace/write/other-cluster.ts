/** A change was decided on in one cluster, but another one answers. */
import { clusterChanged, type Client } from '../../client/index.js';
import { unknown } from './outcome.js';

/**
 * The client has already refused, if it could know before.
 * @param why as objection() says it; undefined if it is the same cluster
 * @param answer of a write. It tells of the other cluster, so nobody knows what became of an earlier attempt
 * @throws EtcdError cluster_changed, or outcome_unknown if there was an earlier attempt
 */
export function refuseOther(client: Client, why: string | undefined, answer?: { succeeded: boolean; uncertain: boolean }): void {
  if (why === undefined) return;
  const error = clusterChanged(answer?.succeeded ? `${why}; it took the value` : why, client.endpoint());
  throw answer?.uncertain ? unknown(error) : error;
}
