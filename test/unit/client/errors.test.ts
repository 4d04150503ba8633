import { describe, expect, it } from 'vitest';
import { fromAnswer } from '../../../src/client/answers.js';
import { asEtcdError, EtcdError, fromTransport, isEtcdError, withTraits } from '../../../src/client/errors.js';
import { serverErrors } from '../../../src/client/server-errors.js';
import { serverMessages, type Outcome } from './server-messages.js';

const there = 'http://127.0.0.1:2379';
const old = (code: number, message: string) => JSON.stringify({ error: message, message, code });
const next = (code: number, message: string) => JSON.stringify({ code, message });

function outcomeOf({ indefinite, settled, retryable, elsewhere }: EtcdError): Outcome {
  if (indefinite) return settled ? 'settled' : 'unsure';
  return retryable ? 'again' : elsewhere ? 'elsewhere' : 'definite';
}

/** What 3.4 and 3.5 really sent: status of 3.4, of 3.5, gRPC code, message -> our code, indefinite. */
const answers: [number, number, number, string, string, boolean][] = [
  [400, 400, 3, 'etcdserver: key is not provided', 'invalid_address', false],
  [400, 400, 3, 'etcdserver: request is too large', 'too_large', false],
  [429, 429, 8, 'grpc: received message larger than max (2097163 vs. 2097152)', 'too_large', false],
  [400, 400, 3, 'etcdserver: too many operations in txn request', 'too_many_ops', false],
  [400, 400, 3, 'etcdserver: duplicate key given in txn request', 'invalid_value', false],
  [400, 400, 11, 'etcdserver: mvcc: required revision has been compacted', 'compacted', false],
  [400, 400, 11, 'etcdserver: mvcc: required revision is a future revision', 'future_revision', false],
  [404, 404, 5, 'etcdserver: requested lease not found', 'lease_not_found', false],
  [400, 400, 3, 'etcdserver: key not found', 'not_found', false],
  [429, 429, 8, 'etcdserver: mvcc: database space exceeded', 'no_space', true],
  [429, 429, 8, 'etcdserver: too many requests', 'unavailable', false],
  [400, 400, 3, 'etcdserver: user name is empty', 'unauthenticated', false],
  [401, 401, 16, 'etcdserver: invalid auth token', 'unauthenticated', false],
  [412, 400, 9, 'etcdserver: authentication is not enabled', 'unauthenticated', false],
  [403, 403, 7, 'etcdserver: permission denied', 'permission_denied', false],
  [400, 400, 3, 'etcdserver: authentication failed, invalid user ID or password', 'unauthenticated', false],
  [400, 400, 3, 'etcdserver: revision of auth store is old', 'unauthenticated', false],
  [503, 503, 14, 'etcdserver: no leader', 'unavailable', false],
  [503, 503, 14, 'etcdserver: request timed out', 'timeout', true],
  [503, 503, 14, 'etcdserver: request timed out, possibly due to previous leader failure', 'timeout', true],
  [503, 503, 14, 'etcdserver: leader changed', 'unavailable', true],
  [500, 500, 2, 'context deadline exceeded', 'timeout', true],
  [504, 504, 4, 'context deadline exceeded', 'timeout', true],
];

describe('errors', () => {
  it.each(answers)('%i/%i %i "%s" is %s', (status34, status35, grpc, message, code, indefinite) => {
    expect(fromAnswer(status34, old(grpc, message), there)).toMatchObject({ code, indefinite, message, endpoint: there });
    expect(fromAnswer(status35, next(grpc, message), there)).toMatchObject({ code, indefinite, message });
  });

  it.each(serverMessages)('%i "%s" is %s, and %s', (grpc, message, code, outcome) => {
    const error = fromAnswer(500, next(grpc, message), there);
    expect({ code: error.code, outcome: outcomeOf(error) }).toEqual({ code, outcome });
    expect(error.message).toContain(grpc === 12 ? 'no etcd JSON gateway' : message);
  });

  it('has no row that no known answer reaches', () => {
    const known = [...serverMessages, [14, 'connection closed'] as const];
    const reached = new Set(
      known.map(([grpc, message]) =>
        serverErrors.find(
          (row) => !row.plain && (row.grpc === undefined || row.grpc === grpc) && (row.text === undefined || row.text.test(message)),
        ),
      ),
    );
    const left = serverErrors.filter((row) => !reached.has(row));
    expect(left.filter((row) => !row.plain)).toEqual([]);
  });

  it('knows what etcd says in plain text, and shows no page of anybody', () => {
    expect(fromAnswer(404, '404 page not found\n', there)).toMatchObject({ code: 'unsupported', indefinite: false });
    expect(fromAnswer(404, next(5, 'Not Found'), there)).toMatchObject({ code: 'unsupported', indefinite: false });
    const commonName = 'CommonName of client sending a request against gateway will be ignored and not used as expected';
    expect(fromAnswer(400, commonName, there)).toMatchObject({ code: 'unauthenticated', message: commonName });
    const host = 'etcd received your request, but the Host header was unrecognized.';
    expect(fromAnswer(421, host, there)).toMatchObject({ code: 'unsupported', message: 'etcd does not go by that name' });
    for (const page of ['Client sent an HTTP request to an HTTPS server.\n', '<p>The plain HTTP request was sent to HTTPS port</p>']) {
      expect(fromAnswer(400, page, there)).toMatchObject({ code: 'tls', message: 'TLS is wanted there', indefinite: false });
    }
  });

  it('knows that the gateway of 3.4 has lost its own server, where TLS is spoken', () => {
    const lost = old(14, 'connection closed');
    expect(fromAnswer(503, lost, 'https://127.0.0.1:2379')).toMatchObject({ code: 'tls', indefinite: false, retryable: false });
    expect(fromAnswer(503, lost, there)).toMatchObject({ code: 'unavailable', indefinite: true, retryable: true });
  });

  it.each([
    [302, 'unsupported', 'definite'],
    [400, 'unsupported', 'definite'],
    [401, 'unauthenticated', 'elsewhere'],
    [403, 'permission_denied', 'elsewhere'],
    [404, 'unsupported', 'definite'],
    [405, 'unsupported', 'definite'],
    [407, 'unauthenticated', 'elsewhere'],
    [408, 'timeout', 'unsure'],
    [413, 'too_large', 'elsewhere'],
    [421, 'unsupported', 'elsewhere'],
    [429, 'unavailable', 'elsewhere'],
    [500, 'unavailable', 'unsure'],
    [502, 'unavailable', 'unsure'],
    [503, 'unavailable', 'unsure'],
    [504, 'timeout', 'unsure'],
  ])('a proxy that answers %i is %s, %s, and its page is not shown', (status, code, outcome) => {
    for (const page of ['<html>etcdserver: request timed out</html>', '{"error":"x","code":429}', '{"message":"no"}', '']) {
      const error = fromAnswer(status, page, there);
      expect({ code: error.code, outcome: outcomeOf(error) }).toEqual({ code, outcome });
      expect(error.message).toMatch(/^(no etcd JSON gateway answers there \(HTTP \d+\)|HTTP \d+, from a proxy)$/);
    }
  });

  it.each([
    ['ECONNREFUSED', 'unreachable', false],
    ['ENOTFOUND', 'unreachable', false],
    ['UND_ERR_CONNECT_TIMEOUT', 'unreachable', false],
    ['ECONNRESET', 'unavailable', true],
    ['UND_ERR_SOCKET', 'unavailable', true],
    ['CERT_HAS_EXPIRED', 'tls', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', false],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'tls', false],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'tls', false],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls', false],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'unavailable', true],
    ['HPE_INVALID_CONSTANT', 'unsupported', true],
  ])('%s is %s', (name, code, indefinite) => {
    expect(fromTransport(Object.assign(new Error('x'), { code: name }), there)).toMatchObject({ code, indefinite });
  });

  it('looks into an AggregateError: localhost on ::1 and 127.0.0.1', () => {
    const both = new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]);
    expect(fromTransport(both, there)).toMatchObject({ code: 'unreachable' });
  });
});

describe('traits', () => {
  const error = new EtcdError('tls', 'why', { hint: 'try http://', settings: 'prod', indefinite: true });

  it('are changed but for those that are not given', () => {
    expect(withTraits(error, { indefinite: false }, 'else')).toMatchObject({
      ...{ code: 'tls', message: 'else', hint: 'try http://', settings: 'prod', indefinite: false },
    });
  });

  it('are either a hint or a subject: the new one counts', () => {
    const subject = { reason: 'nobody_listens' } as const;
    const about = withTraits(error, { subject });
    expect(about).toMatchObject({ subject, hint: undefined });
    expect(withTraits(about, { endpoint: there })).toMatchObject({ subject, hint: undefined });
    expect(withTraits(about, { hint: 'look' })).toMatchObject({ subject: undefined, hint: 'look' });
  });

  it('of what is no EtcdError stay', () => {
    const other = new TypeError('x');
    expect(withTraits(other as unknown, { indefinite: true })).toBe(other);
  });
});

it('an error is asked for by any of its codes, or by none', () => {
  const error = new EtcdError('compacted', 'why');
  expect([isEtcdError(error), isEtcdError(error, 'compacted'), isEtcdError(error, 'tls', 'compacted')]).toEqual([true, true, true]);
  expect([isEtcdError(error, 'tls'), isEtcdError(new Error('compacted')), isEtcdError({ code: 'compacted' })]).toEqual([
    false,
    false,
    false,
  ]);
});

it('what is no EtcdError becomes internal, with its cause', () => {
  const cause = new TypeError('x');
  expect(asEtcdError(cause)).toMatchObject({ code: 'internal', message: 'TypeError: x', cause, subject: { reason: 'mistake' } });
  const error = new EtcdError('tls', 'why');
  expect(asEtcdError(error)).toBe(error);
});
