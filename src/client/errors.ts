/**
 * One error class. The code is the contract: callers match on it, and each code has its own place in the documentation.
 * server-errors.ts turns what a server says into a code (https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/).
 */
import type { Revision } from './codec.js';
import type { Secret, Subject } from './subjects.js';
import { UNSENT } from './transport/transport.js';
import { notTls, tlsError, type TransportRow } from './tls-errors.js';

export type ErrorCode =
  /** What was typed cannot be a key, a prefix or an endpoint. */
  | 'invalid_address'
  /** A setting has the wrong type, or a txn names a key twice. */
  | 'invalid_value'
  /** There is no such key (at that revision). */
  | 'not_found'
  /** The key was written, deleted or created by someone else since it was read; nothing of theirs was overwritten. */
  | 'conflict'
  /** The connection failed while writing, and nobody can find out whether etcd took the value. */
  | 'outcome_unknown'
  /** The revision is older than the history that etcd keeps. */
  | 'compacted'
  /** The revision is newer than what this member has. */
  | 'future_revision'
  /** The value, or an answer, is larger than what etcd or this client takes. */
  | 'too_large'
  /** One txn may not hold so many operations. */
  | 'too_many_ops'
  /** The lease has expired or was revoked, and its keys went with it. */
  | 'lease_not_found'
  /** No user, no password, a wrong one, or a certificate that the gateway does not take. */
  | 'unauthenticated'
  /** The user's roles do not allow it, or the profile is read-only. */
  | 'permission_denied'
  /** No endpoint could be connected to. */
  | 'unreachable'
  /** There was no answer in time. A write that ended this way is resolved, or reported as outcome_unknown. */
  | 'timeout'
  /** The connection broke, or the cluster has no leader at the moment. */
  | 'unavailable'
  /** The database is at its quota: etcd takes no more writes until it is compacted, defragmented and disarmed. */
  | 'no_space'
  /** The members do not hold the same data. etcd takes no writes until an administrator has repaired them. */
  | 'corrupt'
  /** The TLS connection could not be made: CA, certificate, key, passphrase or server name. */
  | 'tls'
  /** The endpoint answers for another cluster than the one that was read from. */
  | 'cluster_changed'
  /** Interrupted, by the user, or because the caller has gone. */
  | 'cancelled'
  /** The server is no etcd JSON gateway, or does not know the request. */
  | 'unsupported'
  /** Anything else; the cause has the details. */
  | 'internal';

export interface ErrorTraits {
  /** The same request may work on another endpoint, or later. */
  retryable?: boolean;
  /** This endpoint will not do better, but another one may: a proxy or one member stands in the way. */
  elsewhere?: boolean;
  /** A write that ended this way may have been applied, or may be applied later. */
  indefinite?: boolean;
  /** The outcome is unknown, but nothing is under way any more: what etcd holds now is the outcome. */
  settled?: boolean;
  /** What helps, if that is the same for everybody. */
  hint?: string;
  /** What the error is about, if each front end has its own words for what helps. It stands instead of `hint`. */
  subject?: Subject;
  /** What the caller calls the settings of the client that has failed: `ClusterSettings.name`. */
  settings?: string;
  endpoint?: string;
  /** A secret that nobody has given. It may help to ask for it and to try again. */
  wants?: Secret;
  /** The revision of the key now, if a write lost. */
  theirsRevision?: Revision;
  /** The revision at which our own value was written, before someone else's followed. */
  writtenRevision?: Revision;
  /** The place in a value that is not what it must be. Both count from 1, and a column counts bytes. */
  place?: { line: number; column: number };
  /** Set if it will be done once somebody has said yes: the lines to show them besides the question. */
  unasked?: readonly string[];
  cause?: unknown;
}

export class EtcdError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly elsewhere: boolean;
  readonly indefinite: boolean;
  readonly settled: boolean;
  readonly hint: string | undefined;
  readonly subject: Subject | undefined;
  readonly settings: string | undefined;
  readonly endpoint: string | undefined;
  readonly wants: Secret | undefined;
  readonly theirsRevision: Revision | undefined;
  readonly writtenRevision: Revision | undefined;
  readonly place: { line: number; column: number } | undefined;
  readonly unasked: readonly string[] | undefined;

  constructor(code: ErrorCode, message: string, traits: ErrorTraits = {}) {
    super(message, { cause: traits.cause });
    this.name = 'EtcdError';
    this.code = code;
    this.retryable = traits.retryable ?? false;
    this.elsewhere = traits.elsewhere ?? false;
    this.indefinite = traits.indefinite ?? false;
    this.settled = traits.settled ?? false;
    this.hint = traits.hint;
    this.subject = traits.subject;
    this.settings = traits.settings;
    this.endpoint = traits.endpoint;
    this.wants = traits.wants;
    this.theirsRevision = traits.theirsRevision;
    this.writtenRevision = traits.writtenRevision;
    this.place = traits.place;
    this.unasked = traits.unasked;
  }
}

/** Whether `thrown` is an EtcdError, with one of `codes` if any are given. */
export function isEtcdError<Code extends ErrorCode = ErrorCode>(
  thrown: unknown,
  ...codes: Code[]
): thrown is EtcdError & { readonly code: Code } {
  return thrown instanceof EtcdError && (codes.length === 0 || (codes as ErrorCode[]).includes(thrown.code));
}

/** Whether etcd has refused it for lack of rights. A proxy's refusal is not etcd's. */
export function isDenied(thrown: unknown): thrown is EtcdError {
  return isEtcdError(thrown, 'permission_denied') && !thrown.elsewhere;
}

/** For catch(): returns etcd's refusal for lack of rights as a value. @throws whatever else was thrown */
export function asDenied(thrown: unknown): EtcdError {
  if (isDenied(thrown)) return thrown;
  throw thrown;
}

/** What was thrown. If it is no EtcdError, it is our mistake, and becomes `internal`. */
export function asEtcdError(thrown: unknown): EtcdError {
  if (isEtcdError(thrown)) return thrown;
  return new EtcdError('internal', String(thrown), { cause: thrown, subject: { reason: 'mistake' } });
}

/**
 * The same error with other traits. What is undefined in `changes` stays. A hint replaces the subject, and a subject the hint. Anything
 * else that was thrown stays as it is.
 */
export function withTraits<Thrown>(thrown: Thrown, changes: ErrorTraits, message?: string): Thrown | EtcdError {
  if (!isEtcdError(thrown)) return thrown;
  const { retryable, elsewhere, indefinite, settled, endpoint, settings, wants, theirsRevision, writtenRevision, place, unasked } = thrown;
  const { cause } = thrown;
  const own = {
    retryable,
    elsewhere,
    indefinite,
    settled,
    endpoint,
    settings,
    wants,
    theirsRevision,
    writtenRevision,
    place,
    unasked,
    cause,
  };
  const isHelped = changes.hint !== undefined || changes.subject !== undefined;
  const help = isHelped ? {} : { hint: thrown.hint, subject: thrown.subject };
  const given = Object.entries({ ...own, ...help, ...changes }).filter(([, value]) => value !== undefined);
  return new EtcdError(thrown.code, message ?? thrown.message, Object.fromEntries(given));
}

const again = { retryable: true };
const unsure = { retryable: true, indefinite: true };

/** What sockets and undici throw, by their `code`. Other transports say it in undici's words. */
const transportErrors: Readonly<Record<string, TransportRow>> = {
  ECONNREFUSED: {
    code: 'unreachable',
    why: 'nothing is listening there',
    traits: { ...again, subject: { reason: 'nobody_listens' } },
  },
  ENOTFOUND: { code: 'unreachable', why: 'no such host', traits: { ...again, hint: 'check the host name' } },
  EAI_AGAIN: { code: 'unreachable', why: 'the host name cannot be looked up', traits: again },
  EHOSTUNREACH: { code: 'unreachable', why: 'no route to that host', traits: again },
  ENETUNREACH: { code: 'unreachable', why: 'no route to that network', traits: again },
  EADDRNOTAVAIL: { code: 'unreachable', why: 'that address cannot be reached from here', traits: again },
  [UNSENT]: { code: 'timeout', why: 'no connection in time', traits: again },
  UND_ERR_CONNECT_TIMEOUT: { code: 'unreachable', why: 'no answer to the connection', traits: again },
};

/**
 * The server speaks HTTP, but not etcd's JSON gateway.
 * @param refused true if it said no. If it said anything else, a write may have reached something
 */
export function notEtcd(why: string, endpoint: string, refused = false): EtcdError {
  return new EtcdError('unsupported', `no etcd JSON gateway answers there (${why})`, {
    endpoint,
    indefinite: !refused,
    hint: 'check the port; the gateway may be off (--enable-grpc-gateway=false), or at the one of --listen-client-http-urls',
  });
}

/** The error of a request that threw before it had an answer, by its own name. */
export function fromTransport(thrown: unknown, endpoint: string): EtcdError {
  if (isEtcdError(thrown)) return thrown;
  const name = errorName(thrown);
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const known = /before secure TLS connection/.test(text) ? notTls : (transportErrors[name] ?? tlsError(name));
  if (known) return new EtcdError(known.code, known.why, { ...known.traits, endpoint, cause: thrown });
  if (name.startsWith('HPE_') || (thrown instanceof Error && thrown.name === 'HTTPParserError')) return notEtcd('not HTTP', endpoint);
  if (name === 'TimeoutError') return new EtcdError('timeout', 'no answer in time', { ...unsure, endpoint, cause: thrown });
  if (name === 'AbortError') return new EtcdError('cancelled', 'cancelled', { indefinite: true, endpoint, cause: thrown });
  return new EtcdError('unavailable', `the connection broke (${text})`, { ...unsure, endpoint, cause: thrown });
}

function errorName(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return '';
  const { code, name, errors } = thrown as { code?: unknown; name?: unknown; errors?: unknown };
  if (typeof code === 'string' && code !== '') return code;
  if (Array.isArray(errors) && errors.length > 0) return errorName(errors[0]);
  return typeof name === 'string' ? name : '';
}
