/** A change that was decided on in one cluster, and another one answers. */
import { clusterChanged, type Client } from '../../client/index.js';
import { unknown } from './outcome.js';

/**
 * Said before by the client wherever it could be known before.
 * @param why as objection() says it; undefined if it is the same cluster
 * @param answer of a write: what it says is of that cluster, and what became of an earlier attempt of it nobody knows
 * @throws EtcdError cluster_changed, or outcome_unknown if there was an earlier attempt
 */
export function refuseOther(client: Client, why: string | undefined, answer?: { succeeded: boolean; uncertain: boolean }): void {
  if (why === undefined) return;
  const error = clusterChanged(answer?.succeeded ? `${why}; it took the value` : why, client.endpoint());
  throw answer?.uncertain ? unknown(error) : error;
}
