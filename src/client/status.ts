/** What the members say of themselves. Nobody needs rights to ask. What the rights forbid is left out and named. */
import { fieldsOf, flagOf, int64Of, listOf, textOf } from './decoders.js';
import type { Auth } from './auth.js';
import type { Question } from './question.js';
import { asEtcdError, isEtcdError } from './errors.js';
import type { Exchange, Gateway } from './gateway.js';

export interface MemberStatus {
  id: string;
  name: string;
  /** The address that it gives its clients. We do not connect to it, because it may be another host's loopback. */
  endpoint: string;
  learner: boolean;
  /** Whether a member that was asked says so. */
  leader: boolean;
  /** Only members that are among the endpoints have the fields from here on. Bytes, in decimal. */
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
  /** These two are undefined if nobody has answered. */
  members: MemberStatus[] | undefined;
  alarms: { member: string; alarm: string }[] | undefined;
  endpoints: EndpointStatus[];
  /** What the user has no right to ask. */
  denied: string[];
}

/** What one member says of itself. Whatever it left out is absent. */
interface Own {
  header: { clusterId?: string; memberId?: string; revision?: string };
  version?: string;
  dbSize?: string;
  dbSizeInUse?: string;
  leader?: string;
  raftTerm?: string;
}

interface Member {
  id: string;
  /** '' if it has not started yet. */
  name: string;
  /** '' if it has not started yet. */
  url: string;
  learner: boolean;
}

interface Asked {
  gateway: Gateway;
  status: Own | undefined;
  endpoint: EndpointStatus;
}

/** ms that one endpoint has to answer. */
const SHARE = 2000;

/** Asks all endpoints at once. It never throws: failures are part of the answer. */
export async function readStatus(
  gateways: readonly Gateway[],
  auth: Auth,
  options: { budget: number; signal?: AbortSignal },
): Promise<Status> {
  const exchange = { share: SHARE, end: performance.now() + options.budget, signal: options.signal, leaderless: true, headerless: true };
  const denied = new Set<string>();
  const asked = await Promise.all(gateways.map((gateway) => askOne(gateway, auth, exchange, denied)));
  const members = await askAny(
    'members',
    { path: '/v3/cluster/member/list', body: {}, decode: decodeMembers },
    asked,
    auth,
    exchange,
    denied,
  );
  const alarm = { path: '/v3/maintenance/alarm', body: { action: 'GET' }, decode: decodeAlarms };
  const alarms = await askAny('alarms', alarm, asked, auth, exchange, denied);
  const header = asked.find(({ status }) => status)?.status?.header;
  return {
    clusterId: header?.clusterId ?? members?.clusterId,
    revision: header?.revision,
    members: members?.members.map((member) => describeMember(member, asked, denied.has('status'))),
    alarms,
    endpoints: asked.map(({ endpoint }) => endpoint),
    denied: [...denied],
  };
}

async function askOne(gateway: Gateway, auth: Auth, exchange: Exchange, denied: Set<string>): Promise<Asked> {
  const { endpoint } = gateway;
  const began = performance.now();
  try {
    const raw = await auth.send(gateway, exchange, (with_) => gateway.post('/v3/maintenance/status', {}, with_));
    const status = decodeStatus(raw);
    return { gateway, status, endpoint: { endpoint, reachable: true, latency: performance.now() - began, error: '' } };
  } catch (thrown) {
    const refused = isEtcdError(thrown, 'permission_denied', 'unauthenticated');
    if (refused) denied.add('status');
    const latency = refused ? performance.now() - began : undefined;
    return {
      gateway,
      status: undefined,
      endpoint: { endpoint, reachable: refused, latency, error: refused ? '' : asEtcdError(thrown).message },
    };
  }
}

/** Takes the answer of the first endpoint that gives one. */
async function askAny<Answer>(
  what: string,
  { path, body, decode }: Question<Answer>,
  asked: readonly Asked[],
  auth: Auth,
  exchange: Exchange,
  denied: Set<string>,
): Promise<Answer | undefined> {
  for (const { gateway, endpoint } of asked) {
    if (!endpoint.reachable) continue;
    try {
      return decode(await auth.send(gateway, exchange, (with_) => gateway.post(path, body, with_)));
    } catch (thrown) {
      if (isEtcdError(thrown, 'permission_denied', 'unauthenticated')) denied.add(what);
    }
  }
  return undefined;
}

function describeMember({ id, name, url, learner }: Member, asked: readonly Asked[], isDenied: boolean): MemberStatus {
  const own = asked.find(({ status }) => status?.header.memberId === id);
  const { version, dbSize, dbSizeInUse, raftTerm } = own?.status ?? {};
  const leader = asked.find(({ status }) => status?.leader !== undefined)?.status?.leader;
  return {
    ...{ id, name, endpoint: url, learner },
    leader: leader === id,
    ...(version !== undefined && { version }),
    ...(dbSize !== undefined && { dbSize }),
    ...(dbSizeInUse !== undefined && { dbSizeInUse }),
    ...(raftTerm !== undefined && { raftTerm }),
    ...(own?.endpoint.latency !== undefined && { latency: own.endpoint.latency }),
    error: own ? '' : isDenied ? 'this user may not see its status' : 'not asked: it is not among the endpoints, or did not answer',
  };
}

function decodeStatus(raw: unknown): Own {
  const status = fieldsOf(raw, 'status');
  const { header, version, leader } = status;
  // 3.4 answers some of these without a header.
  const { cluster_id, member_id, revision } = header === undefined ? {} : fieldsOf(header, 'header');
  const numbers = { dbSize: status['dbSize'], dbSizeInUse: status['dbSizeInUse'], raftTerm: status['raftTerm'], leader };
  return {
    header: given({ clusterId: cluster_id, memberId: member_id, revision }),
    ...(version !== undefined && { version: textOf(version, 'version') }),
    ...given(numbers),
  };
}

/** The numbers that are there. */
function given<Name extends string>(numbers: Record<Name, unknown>): { [N in Name]?: string } {
  const there = Object.entries(numbers).filter(([, number]) => number !== undefined);
  return Object.fromEntries(there.map(([name, number]) => [name, int64Of(number, name)])) as { [N in Name]?: string };
}

function decodeMembers(raw: unknown): { clusterId?: string; members: Member[] } {
  const { header, members } = fieldsOf(raw, 'list of members');
  const { cluster_id } = header === undefined ? {} : fieldsOf(header, 'header');
  const decode = (member: unknown): Member => {
    const { ID, name, clientURLs, isLearner } = fieldsOf(member, 'member');
    const [url] = listOf(clientURLs, 'clientURLs');
    return { id: int64Of(ID, 'ID'), name: textOf(name, 'name'), url: textOf(url, 'URL'), learner: flagOf(isLearner, 'isLearner') };
  };
  return { ...given({ clusterId: cluster_id }), members: listOf(members, 'members').map(decode) };
}

function decodeAlarms(raw: unknown): { member: string; alarm: string }[] {
  return listOf(fieldsOf(raw, 'list of alarms')['alarms'], 'alarms').map((alarm) => {
    const { memberID, alarm: kind } = fieldsOf(alarm, 'alarm');
    return { member: int64Of(memberID, 'memberID'), alarm: textOf(kind, 'alarm') };
  });
}
