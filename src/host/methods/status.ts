/** `status`: members, alarms and endpoints of one profile. Failures are part of the answer. */
import * as v from 'valibot';
import { hexadecimal, type MemberStatus, type Revision } from '../../client/index.js';
import { defineMethod } from './method.js';

/** What the user has no right to know is left out, and named in `denied`. */
export interface StatusDone {
  cluster_id?: string;
  revision?: Revision;
  /** Absent if nobody has answered. */
  members?: {
    /** Hexadecimal, as in etcdctl; in alarms too. */
    id: string;
    name: string;
    endpoint: string;
    leader: boolean;
    learner: boolean;
    version?: string;
    /** Bytes, in decimal. */
    db_size?: string;
    db_size_in_use?: string;
    raft_term?: string;
    /** ms */
    latency_ms: number | null;
    error: string;
  }[];
  /** Absent if nobody has answered. */
  alarms?: { member: string; alarm: string }[];
  endpoints: { endpoint: string; reachable: boolean; in_use: boolean; latency_ms: number | null; error: string }[];
  user: string;
  denied: string[];
}

export const status = defineMethod({
  failure: 'cannot ask for the status',
  timeout: 'read',
  params: v.object({ profile: v.string() }),

  async run({ profile }, { session }, options): Promise<StatusDone> {
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
  },
});

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
