/** The ways in which TLS fails, by the `code` that Node throws, each with a hint. */
import type { ErrorCode, ErrorTraits } from './errors.js';
import type { Subject } from './subjects.js';

export interface TransportRow {
  code: ErrorCode;
  why: string;
  traits?: ErrorTraits;
}

const row = (why: string, help?: string | Subject): TransportRow => ({
  code: 'tls',
  why,
  ...(help !== undefined && { traits: typeof help === 'string' ? { hint: help } : { subject: help } }),
});

const unknownCa = row('the certificate is signed by an unknown CA', { reason: 'unknown_ca' });
export const refused = row('the server refused the client certificate', { reason: 'certificate_refused' });
const passphrase = (why: string, reason: 'passphrase_missing' | 'passphrase_wrong'): TransportRow => ({
  ...row(why),
  traits: { wants: 'passphrase', subject: { reason } },
});
export const missingPassphrase = passphrase('the key has a passphrase', 'passphrase_missing');
export const wrongPassphrase = passphrase('the passphrase of the key is wrong', 'passphrase_wrong');

export const notTls = row('no TLS is spoken there', 'try http://');

/** The alert of a server that does not take our certificate. OpenSSL 3.0 calls it SSLV3_ALERT, later ones SSL/TLS_ALERT. */
const REFUSAL =
  /^ERR_SSL_.*_ALERT_(?:CERTIFICATE_REQUIRED|UNKNOWN_CA|(?:BAD|UNSUPPORTED)_CERTIFICATE|CERTIFICATE_(?:EXPIRED|REVOKED|UNKNOWN))$/;

/** @returns undefined if this code is not one of TLS */
export function tlsError(name: string): TransportRow | undefined {
  return REFUSAL.test(name) ? refused : tlsErrors[name];
}

export const tlsErrors: Readonly<Record<string, TransportRow>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownCa,
  SELF_SIGNED_CERT_IN_CHAIN: unknownCa,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownCa,
  CERT_SIGNATURE_FAILURE: unknownCa,
  ERR_TLS_CERT_ALTNAME_INVALID: row('the certificate is for another host name', { reason: 'other_name' }),
  CERT_HAS_EXPIRED: row('the certificate has expired', "renew the server's certificate, or check the clock here"),
  CERT_NOT_YET_VALID: row('the certificate is not valid yet', 'check the clock here'),
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: row('cert and key do not belong together', { reason: 'not_a_pair' }),
  ERR_OSSL_UNSUPPORTED: row('the key is not in PEM format, or of an unknown kind', { reason: 'key_format' }),
  ERR_OSSL_PEM_NO_START_LINE: row('a certificate or key is not in PEM format', { reason: 'pem_format' }),
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  EPROTO: notTls,
};
