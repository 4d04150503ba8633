/** The ways in which TLS fails, by the `code` that Node throws, each with what helps. */
import type { ErrorCode, ErrorTraits } from './errors.js';

export interface TransportRow {
  code: ErrorCode;
  why: string;
  traits?: ErrorTraits;
}

const row = (why: string, hint?: string): TransportRow => ({ code: 'tls', why, ...(hint !== undefined && { traits: { hint } }) });

/** Hints that are other ones if the setting is there: advice.ts. Settings are written as the default profile has them. */
export const advice = {
  cacert: 'set $ETCDCTL_CACERT or g:etcd.cacert',
  cert: 'set g:etcd.cert and g:etcd.key to a pair that its CA has signed',
  serverName: 'use a name that it is for, or set g:etcd.server_name',
  unheard:
    'the server may want a client certificate: set g:etcd.cert and g:etcd.key; or there is gRPC alone, and the gateway is at the port of --listen-client-http-urls',
} as const;

const unknownCa = row('the certificate is signed by an unknown CA', advice.cacert);
const refused = row('the server refused the client certificate', advice.cert);
const passphrase = (why: string, hint: string): TransportRow => ({ ...row(why), traits: { wants: 'passphrase', hint } });
export const missingPassphrase = passphrase('the key has a passphrase', 'set g:etcd.passphrase_command or g:etcd.passphrase_file');
export const wrongPassphrase = passphrase(
  'the passphrase of the key is wrong',
  'try again, or check g:etcd.passphrase_command or g:etcd.passphrase_file',
);

export const notTls = row('no TLS is spoken there', 'try http://');

/** What to say where a server closes the connection before it has ever answered: with TLS 1.3 that is all one sees. */
export const closedUnheard: Readonly<Record<'http:' | 'https:', string>> = {
  'http:': 'if that port wants TLS, write https://',
  'https:': advice.unheard,
};

export const tlsErrors: Readonly<Record<string, TransportRow>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownCa,
  SELF_SIGNED_CERT_IN_CHAIN: unknownCa,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownCa,
  CERT_SIGNATURE_FAILURE: unknownCa,
  ERR_TLS_CERT_ALTNAME_INVALID: row('the certificate is for another host name', advice.serverName),
  CERT_HAS_EXPIRED: row('the certificate has expired', "renew the server's certificate, or check the clock here"),
  CERT_NOT_YET_VALID: row('the certificate is not valid yet', 'check the clock here'),
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: refused,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: refused,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: refused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: refused,
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: row('cert and key do not belong together', 'check g:etcd.cert and g:etcd.key'),
  ERR_OSSL_UNSUPPORTED: row('the key is not in PEM format, or of an unknown kind', 'check g:etcd.key'),
  ERR_OSSL_PEM_NO_START_LINE: row('a certificate or key is not in PEM format', 'check g:etcd.cacert, g:etcd.cert and g:etcd.key'),
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  EPROTO: notTls,
};
