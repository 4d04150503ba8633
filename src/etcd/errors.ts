/**
 * One error class, one table. The code is the contract: it is what the editor matches on and a help tag (`:help etcd-errors`).
 * The rows are what real servers answered (etcd 3.4 and 3.5; https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/).
 */

export type ErrorCode =
  | 'invalid_address'
  | 'invalid_value'
  | 'not_found'
  | 'conflict'
  | 'outcome_unknown'
  | 'compacted'
  | 'future_revision'
  | 'too_large'
  | 'too_many_ops'
  | 'lease_not_found'
  | 'unauthenticated'
  | 'permission_denied'
  | 'unreachable'
  | 'timeout'
  | 'unavailable'
  | 'no_space'
  | 'tls'
  | 'cluster_changed'
  | 'cancelled'
  | 'unsupported'
  | 'internal';

export interface ErrorTraits {
  /** The same request may work on another endpoint, or later. */
  retryable?: boolean;
  /** A write that ended this way may have been applied, or may be applied later. */
  indefinite?: boolean;
  /** What the user can do about it. */
  hint?: string;
  endpoint?: string;
  cause?: unknown;
}

export class EtcdError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly indefinite: boolean;
  readonly hint: string | undefined;
  readonly endpoint: string | undefined;

  constructor(code: ErrorCode, message: string, traits: ErrorTraits = {}) {
    super(message, { cause: traits.cause });
    this.name = 'EtcdError';
    this.code = code;
    this.retryable = traits.retryable ?? false;
    this.indefinite = traits.indefinite ?? false;
    this.hint = traits.hint;
    this.endpoint = traits.endpoint;
  }
}

interface ServerRow {
  /** gRPC status code, or undefined for any. */
  grpc?: number;
  text?: RegExp;
  code: ErrorCode;
  traits?: ErrorTraits;
}

const again = { retryable: true };
const unsure = { retryable: true, indefinite: true };

/** First match wins; the gRPC code alone is never enough (11 is compacted and future, 3 is nearly everything). */
export const serverErrors: readonly ServerRow[] = [
  { grpc: 11, text: /compacted/, code: 'compacted', traits: { hint: 'older history is gone' } },
  { grpc: 11, text: /future revision/, code: 'future_revision' },
  { grpc: 3, text: /request is too large/, code: 'too_large', traits: { hint: 'etcd takes about 1.5 MiB in one request' } },
  { grpc: 8, text: /larger than max/, code: 'too_large', traits: { hint: 'etcd takes about 1.5 MiB in one request' } },
  {
    grpc: 8,
    text: /space exceeded/,
    code: 'no_space',
    traits: { indefinite: true, hint: 'etcd is full: an administrator must compact, defragment and disarm the alarm' },
  },
  { grpc: 8, text: /too many requests/, code: 'unavailable', traits: again },
  { grpc: 3, text: /too many operations/, code: 'too_many_ops' },
  { grpc: 3, text: /duplicate key/, code: 'invalid_value' },
  { grpc: 3, text: /key is not provided/, code: 'invalid_address' },
  { grpc: 3, text: /etcdserver: key not found/, code: 'not_found' },
  { grpc: 5, text: /requested lease not found/, code: 'lease_not_found' },
  { grpc: 3, text: /auth store is old/, code: 'unauthenticated', traits: again },
  { grpc: 3, text: /user name is empty/, code: 'unauthenticated', traits: { hint: 'this etcd wants a user and a password' } },
  { grpc: 3, text: /authentication failed/, code: 'unauthenticated', traits: { hint: 'check user and password' } },
  {
    text: /CommonName of client/,
    code: 'unauthenticated',
    traits: { hint: 'use a client certificate without CN, or log in with a password' },
  },
  { grpc: 16, code: 'unauthenticated' },
  { grpc: 7, code: 'permission_denied', traits: { hint: 'ask for a role that may do this' } },
  { grpc: 14, text: /no leader/, code: 'unavailable', traits: again },
  { grpc: 14, text: /request timed out/, code: 'timeout', traits: unsure },
  { text: /context deadline exceeded/, code: 'timeout', traits: unsure },
  { grpc: 14, code: 'unavailable', traits: unsure },
];

/** What sockets, TLS and undici throw, by their `code`. */
const transportErrors: Readonly<Record<string, { code: ErrorCode; why: string; traits?: ErrorTraits }>> = {
  ECONNREFUSED: {
    code: 'unreachable',
    why: 'nothing is listening there',
    traits: { ...again, hint: 'check $ETCDCTL_ENDPOINTS or g:etcd.endpoints' },
  },
  ENOTFOUND: { code: 'unreachable', why: 'no such host', traits: { ...again, hint: 'check the host name' } },
  EAI_AGAIN: { code: 'unreachable', why: 'the host name cannot be looked up', traits: again },
  EHOSTUNREACH: { code: 'unreachable', why: 'no route to that host', traits: again },
  ENETUNREACH: { code: 'unreachable', why: 'no route to that network', traits: again },
  EADDRNOTAVAIL: { code: 'unreachable', why: 'that address cannot be reached from here', traits: again },
  UND_ERR_CONNECT_TIMEOUT: { code: 'unreachable', why: 'no answer to the connection', traits: again },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    code: 'tls',
    why: 'the certificate is signed by an unknown CA',
    traits: { hint: 'set the CA certificate' },
  },
  SELF_SIGNED_CERT_IN_CHAIN: { code: 'tls', why: 'the certificate is signed by an unknown CA', traits: { hint: 'set the CA certificate' } },
  DEPTH_ZERO_SELF_SIGNED_CERT: { code: 'tls', why: 'the certificate is self-signed', traits: { hint: 'set the CA certificate' } },
  ERR_TLS_CERT_ALTNAME_INVALID: { code: 'tls', why: 'the certificate is for another host name' },
  CERT_HAS_EXPIRED: { code: 'tls', why: 'the certificate has expired' },
};

/**
 * The error behind an HTTP answer that is not a success.
 * @param status HTTP status; it differs between versions for the same error, so it decides only where nothing else does
 * @param body the text of the body, JSON or not
 */
export function fromAnswer(status: number, body: string, endpoint: string): EtcdError {
  const { grpc, message } = parseErrorBody(body);
  const row = serverErrors.find((r) => (r.grpc === undefined || r.grpc === grpc) && (r.text === undefined || r.text.test(message)));
  if (row) return new EtcdError(row.code, message, { ...row.traits, endpoint });
  if (grpc === undefined && status < 500) return notEtcd(`HTTP ${status}`, endpoint);
  if (status >= 500) return new EtcdError('unavailable', message || `HTTP ${status}`, { ...unsure, endpoint });
  return new EtcdError('internal', message || `HTTP ${status}`, { endpoint });
}

/** The server there speaks HTTP but not etcd's JSON gateway. A write may have reached something, hence indefinite. */
export function notEtcd(why: string, endpoint: string): EtcdError {
  return new EtcdError('unsupported', `no etcd JSON gateway answers there (${why})`, {
    endpoint,
    indefinite: true,
    hint: 'check the port; the gateway may be off (--enable-grpc-gateway=false)',
  });
}

/** The error behind what a request threw before it had an answer. */
export function fromTransport(thrown: unknown, endpoint: string): EtcdError {
  if (thrown instanceof EtcdError) return thrown;
  const name = errorName(thrown);
  const known = transportErrors[name];
  if (known) return new EtcdError(known.code, known.why, { ...known.traits, endpoint, cause: thrown });
  const text = thrown instanceof Error ? thrown.message : String(thrown);
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

function parseErrorBody(body: string): { grpc: number | undefined; message: string } {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'code' in parsed) {
      const { code, message, error } = parsed as { code: unknown; message?: unknown; error?: unknown };
      const text = typeof message === 'string' ? message : typeof error === 'string' ? error : '';
      return { grpc: typeof code === 'number' ? code : undefined, message: text };
    }
  } catch {
    // Not JSON: a text answer (gateway off, CommonName, a proxy).
  }
  return { grpc: undefined, message: body.slice(0, 200) };
}
