/** `status`: members, alarms and endpoints of one profile, in the words of the protocol. */
import { hexadecimal, type CallOptions, type MemberStatus } from '../etcd/index.js';
import type { StatusDone } from './protocol.js';
import type { Session } from './session.js';

/** @throws EtcdError invalid_address where there is no such profile; what else fails is in the answer */
export async function status(session: Session, profile: string, options: CallOptions): Promise<StatusDone> {
  const client = session.client(profile);
  const { clusterId, revision, members, alarms, endpoints, denied } = await client.status(options);
  const inUse = client.endpoint();
  return {
    ...(clusterId !== undefined && { cluster_id: clusterId }),
    ...(revision !== undefined && { revision }),
    ...(members && { members: members.map(describe) }),
    ...(alarms && { alarms: alarms.map(({ member, alarm }) => ({ member: hexadecimal(member), alarm })) }),
    endpoints: endpoints.map(({ endpoint, reachable, latency, error }) => {
      return { endpoint, reachable, in_use: endpoint === inUse, latency_ms: rounded(latency), error };
    }),
    user: client.user,
    denied,
  };
}

function describe(member: MemberStatus): NonNullable<StatusDone['members']>[number] {
  const { id, name, endpoint, leader, learner, version, dbSize, dbSizeInUse, raftTerm, latency, error } = member;
  return {
    ...{ id: hexadecimal(id), name, endpoint, leader, learner, error },
    ...(version !== undefined && { version }),
    ...(dbSize !== undefined && { db_size: dbSize }),
    ...(dbSizeInUse !== undefined && { db_size_in_use: dbSizeInUse }),
    ...(raftTerm !== undefined && { raft_term: raftTerm }),
    latency_ms: rounded(latency),
  };
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms * 10) / 10;
}
