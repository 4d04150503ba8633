/** What the members say of themselves. No right is needed to ask; what the rights forbid is left out and named. */
import type { Auth } from './auth.js';
import type { RawHeader } from './codec.js';
import type { EtcdError } from './errors.js';
import type { Exchange, Gateway } from './gateway.js';

export interface MemberStatus {
  id: string;
  name: string;
  /** What it tells its clients to connect to; we do not, because it may be another's loopback. */
  endpoint: string;
  learner: boolean;
  leader: boolean;
  /** From here on only of members that are among the endpoints. Bytes, in decimal. */
  version?: string;
  dbSize?: string;
  dbSizeInUse?: string;
  raftTerm?: string;
  latency?: number;
  error: string;
}

export interface EndpointStatus {
  endpoint: string;
  reachable: boolean;
  /** ms */
  latency: number | undefined;
  error: string;
}

export interface Status {
  clusterId: string | undefined;
  revision: string | undefined;
  members: MemberStatus[];
  alarms: { member: string; alarm: string }[];
  endpoints: EndpointStatus[];
  /** What the user's rights did not allow to ask. */
  denied: string[];
}

interface RawStatus {
  header?: RawHeader & { member_id?: string };
  version?: string;
  dbSize?: string;
  dbSizeInUse?: string;
  leader?: string;
  raftTerm?: string;
}

interface RawMembers {
  header?: RawHeader;
  members?: { ID?: string; name?: string; clientURLs?: string[]; isLearner?: boolean }[];
}

interface RawAlarms {
  header?: RawHeader;
  alarms?: { memberID?: string; alarm?: string }[];
}

interface Asked {
  gateway: Gateway;
  status: RawStatus | undefined;
  endpoint: EndpointStatus;
}

/** ms that one endpoint has to answer. */
const SHARE = 2000;

/** Asks all endpoints at once; never throws: what fails is in the answer. */
export async function readStatus(
  gateways: readonly Gateway[],
  auth: Auth,
  options: { budget: number; signal?: AbortSignal },
): Promise<Status> {
  const exchange = { share: SHARE, end: performance.now() + options.budget, signal: options.signal, leaderless: true, headerless: true };
  const denied = new Set<string>();
  const asked = await Promise.all(gateways.map((gateway) => askOne(gateway, auth, exchange, denied)));
  const members = await askAny<RawMembers>('members', '/v3/cluster/member/list', {}, asked, auth, exchange, denied);
  const alarms = await askAny<RawAlarms>('alarms', '/v3/maintenance/alarm', { action: 'GET' }, asked, auth, exchange, denied);
  const header = asked.find(({ status }) => status)?.status?.header ?? members?.header;
  return {
    clusterId: header?.cluster_id,
    revision: header?.revision,
    members: (members?.members ?? []).map((member) => describeMember(member, asked, denied.has('status'))),
    alarms: (alarms?.alarms ?? []).map(({ memberID = '', alarm = '' }) => ({ member: memberID, alarm })),
    endpoints: asked.map(({ endpoint }) => endpoint),
    denied: [...denied],
  };
}

async function askOne(gateway: Gateway, auth: Auth, exchange: Exchange, denied: Set<string>): Promise<Asked> {
  const { endpoint } = gateway;
  const began = performance.now();
  try {
    const status = await auth.send(gateway, exchange, (with_) => gateway.post<RawStatus>('/v3/maintenance/status', {}, with_));
    return { gateway, status, endpoint: { endpoint, reachable: true, latency: performance.now() - began, error: '' } };
  } catch (thrown) {
    const error = thrown as EtcdError;
    const refused = error.code === 'permission_denied' || error.code === 'unauthenticated';
    if (refused) denied.add('status');
    const latency = refused ? performance.now() - began : undefined;
    return { gateway, status: undefined, endpoint: { endpoint, reachable: refused, latency, error: refused ? '' : error.message } };
  }
}

/** From the first endpoint that answers. */
async function askAny<Answer extends { header?: RawHeader }>(
  what: string,
  path: string,
  body: object,
  asked: readonly Asked[],
  auth: Auth,
  exchange: Exchange,
  denied: Set<string>,
): Promise<Answer | undefined> {
  for (const { gateway, endpoint } of asked) {
    if (!endpoint.reachable) continue;
    try {
      return await auth.send(gateway, exchange, (with_) => gateway.post<Answer>(path, body, with_));
    } catch (thrown) {
      const { code } = thrown as EtcdError;
      if (code === 'permission_denied' || code === 'unauthenticated') denied.add(what);
    }
  }
  return undefined;
}

function describeMember(member: NonNullable<RawMembers['members']>[number], asked: readonly Asked[], isDenied: boolean): MemberStatus {
  const id = member.ID ?? '0';
  const own = asked.find(({ status }) => status?.header?.member_id === id);
  const { version, dbSize, dbSizeInUse, raftTerm } = own?.status ?? {};
  const leader = asked.find(({ status }) => status?.leader !== undefined)?.status?.leader;
  return {
    id,
    name: member.name ?? '',
    endpoint: member.clientURLs?.[0] ?? '',
    learner: member.isLearner ?? false,
    leader: leader === id,
    ...(version !== undefined && { version }),
    ...(dbSize !== undefined && { dbSize }),
    ...(dbSizeInUse !== undefined && { dbSizeInUse }),
    ...(raftTerm !== undefined && { raftTerm }),
    ...(own?.endpoint.latency !== undefined && { latency: own.endpoint.latency }),
    error: own ? '' : isDenied ? 'this user may not see its status' : 'not asked: it is not among the endpoints, or did not answer',
  };
}
