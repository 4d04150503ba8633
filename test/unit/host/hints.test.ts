/** What the user is told to do, word for word: for each reason, with the setting and without it, and by profile. */
import { describe, expect, it } from 'vitest';
import { EtcdError, type ErrorCode, type Reason, type Subject } from '../../../src/client/index.js';
import { hintOf } from '../../../src/host/hints.js';

type Case = [subject: Subject, ofDefault: string, ofProd?: string];

const TEXT_IS_HERE = 'your text is still here';
/** By reason, so that the compiler notices missing ones. */
const cases: Record<Reason, readonly Case[]> = {
  no_endpoints: [[{ reason: 'no_endpoints' }, 'set $ETCDCTL_ENDPOINTS or g:etcd.endpoints', 'set PROD.endpoints']],
  nobody_listens: [[{ reason: 'nobody_listens' }, 'check $ETCDCTL_ENDPOINTS or g:etcd.endpoints', 'check PROD.endpoints']],
  no_user: [[{ reason: 'no_user' }, 'set $ETCDCTL_USER or g:etcd.user', 'set PROD.user']],
  not_logged_in: [[{ reason: 'not_logged_in' }, 'log in: set $ETCDCTL_USER or g:etcd.user', 'log in: set PROD.user']],
  secret_file: [
    [{ reason: 'secret_file', secret: 'password' }, 'check g:etcd.password_file', 'check PROD.password_file'],
    [{ reason: 'secret_file', secret: 'passphrase' }, 'check g:etcd.passphrase_file', 'check PROD.passphrase_file'],
  ],
  tls_file: [[{ reason: 'tls_file', setting: 'key' }, 'check $ETCDCTL_KEY or g:etcd.key', 'check PROD.key']],
  half_a_pair: [[{ reason: 'half_a_pair' }, 'set both g:etcd.cert and g:etcd.key', 'set both PROD.cert and PROD.key']],
  not_a_pair: [[{ reason: 'not_a_pair' }, 'check g:etcd.cert and g:etcd.key', 'check PROD.cert and PROD.key']],
  key_format: [[{ reason: 'key_format' }, 'check g:etcd.key', 'check PROD.key']],
  pem_format: [[{ reason: 'pem_format' }, 'check g:etcd.cacert, g:etcd.cert and g:etcd.key', 'check PROD.cacert, PROD.cert and PROD.key']],
  passphrase_missing: [
    [
      { reason: 'passphrase_missing' },
      'set g:etcd.passphrase_command or g:etcd.passphrase_file',
      'set PROD.passphrase_command or PROD.passphrase_file',
    ],
  ],
  passphrase_wrong: [
    [
      { reason: 'passphrase_wrong' },
      'try again, or check g:etcd.passphrase_command or g:etcd.passphrase_file',
      'try again, or check PROD.passphrase_command or PROD.passphrase_file',
    ],
  ],
  unknown_ca: [
    [{ reason: 'unknown_ca' }, 'set $ETCDCTL_CACERT or g:etcd.cacert', 'set PROD.cacert'],
    [
      { reason: 'unknown_ca', cacert: '/c' },
      'the CA in /c did not sign it: check g:etcd.cacert',
      'the CA in /c did not sign it: check PROD.cacert',
    ],
  ],
  other_name: [
    [
      { reason: 'other_name' },
      'use a name that it is for, or set g:etcd.server_name',
      'use a name that it is for, or set PROD.server_name',
    ],
    [{ reason: 'other_name', serverName: 'n' }, 'it is not for n: check g:etcd.server_name', 'it is not for n: check PROD.server_name'],
  ],
  certificate_refused: [
    [
      { reason: 'certificate_refused' },
      'set g:etcd.cert and g:etcd.key to a pair that its CA has signed',
      'set PROD.cert and PROD.key to a pair that its CA has signed',
    ],
    [
      { reason: 'certificate_refused', cert: '/c' },
      'the CA of the server must have signed /c: check g:etcd.cert',
      'the CA of the server must have signed /c: check PROD.cert',
    ],
  ],
  closed_unheard: [
    [
      { reason: 'closed_unheard' },
      'the server may want a client certificate: set g:etcd.cert and g:etcd.key; or there is gRPC alone, and the gateway is at the port of --listen-client-http-urls',
      'the server may want a client certificate: set PROD.cert and PROD.key; or there is gRPC alone, and the gateway is at the port of --listen-client-http-urls',
    ],
    [
      { reason: 'closed_unheard', cert: '/c' },
      'the server may not take the certificate /c: check g:etcd.cert',
      'the server may not take the certificate /c: check PROD.cert',
    ],
  ],
  certificate_expired: [
    [
      { reason: 'certificate_expired' },
      'renew the files that cert and key of g:etcd name',
      'renew the files that cert and key of PROD name',
    ],
  ],
  read_elsewhere: [[{ reason: 'read_elsewhere' }, ':e reads it anew']],
  write_elsewhere: [[{ reason: 'write_elsewhere' }, `${TEXT_IS_HERE}; :e! reads the key anew, :w! writes it to that cluster`]],
  write_elsewhere_unseen: [[{ reason: 'write_elsewhere_unseen' }, `${TEXT_IS_HERE}; :w! writes it to that cluster`]],
  unseen: [[{ reason: 'unseen' }, ':w! writes over whatever is there']],
  both_changed: [[{ reason: 'both_changed' }, ':Etcd diff shows both, :e! takes theirs, :w! keeps yours']],
  exists: [[{ reason: 'exists' }, 'add ! to overwrite it; :split with its name shows it']],
  deleted: [[{ reason: 'deleted' }, ':w! creates it again']],
  lease_expired: [[{ reason: 'lease_expired' }, ':w! creates it again, without a lease']],
  lease_unknown: [[{ reason: 'lease_unknown' }, 'nothing was changed by that; :Etcd leases lists those that are there']],
  listing_changed: [[{ reason: 'listing_changed' }, 'your text is still here; :e! lists what is there now, :w! does it all the same']],
  listing_gone: [[{ reason: 'listing_gone' }, 'your text is still here; :e! lists what is there now']],
  number_unknown: [
    [{ reason: 'number_unknown' }, ':e! lists what is there, :Etcd undo takes a write back; a new key is written without a number'],
  ],
  unanswered: [[{ reason: 'unanswered' }, 'the text is still here; :w tries again']],
  unanswered_and_changed: [[{ reason: 'unanswered_and_changed' }, 'compare before you write again; :w! overwrites']],
  compacted: [[{ reason: 'compacted' }, 'older history is gone: :Etcd history lists what there is, :Etcd at shows the present']],
  future: [[{ reason: 'future' }, 'it is still to come: :Etcd at shows the present']],
  address: [[{ reason: 'address' }, 'see :help etcd-address']],
  mistake: [[{ reason: 'mistake' }, 'see :Etcd log']],
};

const error = (code: ErrorCode, traits: ConstructorParameters<typeof EtcdError>[2]): EtcdError => new EtcdError(code, 'why', traits);

describe('the hint of', () => {
  it.each(Object.values(cases).flat())('%j', (subject, ofDefault, ofProd = ofDefault) => {
    expect(hintOf(error('tls', { subject }))).toBe(ofDefault);
    expect(hintOf(error('tls', { subject, settings: '' }))).toBe(ofDefault);
    expect(hintOf(error('tls', { subject, settings: 'prod' }))).toBe(ofProd.replaceAll('PROD', 'g:etcd.profiles.prod'));
  });

  it('an error without a subject is its own, if it has one', () => {
    expect(hintOf(error('too_large', { hint: 'the limit is one of the proxy' }))).toBe('the limit is one of the proxy');
    expect(hintOf(error('compacted', {}))).toBeUndefined();
  });

  it('a write whose answer was lost is that of the loss, in the words of its profile', () => {
    const lost = (cause: EtcdError) => hintOf(error('outcome_unknown', { subject: { reason: 'unanswered' }, cause }));
    const refused = error('unreachable', { subject: { reason: 'nobody_listens' }, settings: 'prod' });
    expect(lost(refused)).toBe('the text is still here; check g:etcd.profiles.prod.endpoints');
    expect(lost(error('unavailable', { hint: 'look at both' }))).toBe('the text is still here; look at both');
    expect(lost(error('timeout', {}))).toBe('the text is still here; :w tries again');
  });
});
