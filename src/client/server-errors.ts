/** What the servers of etcd and the proxies in front of them answer, and what it means: one table. */
import type { ErrorCode, ErrorTraits } from './errors.js';

export interface ServerRow {
  /** gRPC status code, or undefined for any. */
  grpc?: number;
  text?: RegExp;
  /** Counts only for an endpoint with TLS. */
  secure?: true;
  /** It is sent as plain text, which may be a page of HTML, and not as JSON with a code. */
  plain?: true;
  code: ErrorCode;
  /** What it is about, if the server's own words do not say it. It replaces those words if they are plain text. */
  why?: string;
  traits?: ErrorTraits;
}

const again = { retryable: true };
const unsure = { retryable: true, indefinite: true };

const ownServer = {
  code: 'tls',
  why: 'the gateway of etcd cannot reach its own server',
  traits: { hint: "etcd's certificate (--cert-file) must be for clientAuth too: its gateway shows it as a client" },
} as const;

/**
 * The first match wins. The gRPC code alone is seldom enough (11 is compacted and future, 3 is nearly everything). The table has all
 * that etcd 3.4 to 3.7 answer (https://github.com/etcd-io/etcd/blob/main/api/v3rpc/rpctypes/error.go). What their tables do not name is
 * sent with code 2. The groups at the end are answers that only an administrator gets, or that show a mistake of ours.
 */
export const serverErrors: readonly ServerRow[] = [
  { grpc: 11, text: /compacted/, code: 'compacted', traits: { subject: { reason: 'compacted' } } },
  { grpc: 11, text: /future revision/, code: 'future_revision', traits: { subject: { reason: 'future' } } },
  { grpc: 3, text: /request is too large/, code: 'too_large', traits: { hint: 'the limit is --max-request-bytes of etcd' } },
  { grpc: 8, text: /larger than max/, code: 'too_large', traits: { hint: 'the limit is --max-request-bytes of etcd' } },
  {
    grpc: 8,
    text: /space exceeded/,
    code: 'no_space',
    traits: { indefinite: true, settled: true, hint: 'etcd is full: an administrator must compact, defragment and disarm the alarm' },
  },
  // With code 2 as well, because etcd's table has it as an error of its client.
  { text: /etcdserver: too many requests/, code: 'unavailable', traits: again },
  { grpc: 15, code: 'corrupt', traits: { hint: 'reading may work; an administrator must repair the member and disarm the alarm' } },
  { grpc: 3, text: /too many operations/, code: 'too_many_ops' },
  { grpc: 3, text: /duplicate key/, code: 'invalid_value' },
  { grpc: 3, text: /key is not provided/, code: 'invalid_address' },
  { grpc: 3, text: /etcdserver: key not found/, code: 'not_found' },
  { grpc: 5, text: /requested lease not found/, code: 'lease_not_found' },
  { grpc: 11, text: /lease TTL/, code: 'invalid_value' },
  { grpc: 3, text: /auth store is old/, code: 'unauthenticated', traits: again },
  { grpc: 3, text: /user name is empty/, code: 'unauthenticated', traits: { subject: { reason: 'no_user' } } },
  { grpc: 3, text: /authentication failed/, code: 'unauthenticated', traits: { hint: 'check user and password' } },
  {
    grpc: 2,
    text: /no password user/,
    code: 'unauthenticated',
    traits: { hint: 'a user without a password logs in by a certificate, which the gateway does not take: use another user' },
  },
  { grpc: 2, text: /^auth: /, code: 'unauthenticated', traits: { hint: 'an administrator must look at the users of etcd' } },
  { grpc: 9, text: /authentication is not enabled/, code: 'unauthenticated' },
  {
    text: /CommonName of client/,
    plain: true,
    code: 'unauthenticated',
    traits: { hint: 'use a client certificate without CN, or log in with a password' },
  },
  {
    text: /Host header was unrecognized/,
    plain: true,
    code: 'unsupported',
    why: 'etcd does not go by that name',
    traits: { hint: 'use a name that its --host-whitelist has' },
  },
  {
    text: /HTTP request (?:was sent )?to (?:an )?HTTPS/,
    plain: true,
    code: 'tls',
    why: 'TLS is wanted there',
    traits: { hint: 'write https://' },
  },
  { grpc: 16, code: 'unauthenticated' },
  { grpc: 7, code: 'permission_denied', traits: { hint: 'ask for a role that may do this' } },
  { grpc: 14, text: /no leader/, code: 'unavailable', traits: again },
  { grpc: 9, text: /not leader/, code: 'unavailable', traits: again },
  { text: /request timed out/, code: 'timeout', traits: unsure },
  { text: /context deadline exceeded/, code: 'timeout', traits: unsure },
  // 14 until 3.5, 9 from 3.6 on.
  {
    text: /not supported for learner/,
    code: 'unavailable',
    traits: { elsewhere: true, hint: 'that member is a learner: name the endpoint of another one' },
  },
  { text: /etcdserver: not capable/, code: 'unavailable', traits: again },
  { text: /cluster version not found/, code: 'internal' },
  { grpc: 14, text: /unhealthy cluster/, code: 'internal' },
  // The gateway is a client of its own server. If it cannot connect to that, the request was never sent. 3.4 says this in few words.
  { grpc: 14, text: /connection error: desc.*(?:tls: |x509: |certificate)/, ...ownServer },
  { grpc: 14, text: /^connection closed$/, secure: true, ...ownServer },
  { grpc: 14, text: /connection error: desc/, code: 'unavailable', traits: again },
  { grpc: 14, code: 'unavailable', traits: unsure },
  { grpc: 1, code: 'unavailable', traits: unsure },
  { grpc: 3, code: 'internal' },
  { grpc: 5, text: /^etcdserver: /, code: 'internal' },
  { grpc: 9, code: 'internal' },
];
