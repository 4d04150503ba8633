/**
 * What to do about an error, in this editor's words: its commands, and its names of settings. The client and the keyspace know neither.
 * Their errors say what they are about (client/subjects.ts), or what helps everywhere (`hint`).
 */
import { isEtcdError, type EtcdError, type Reason, type Subjects } from '../client/index.js';
import { settingsOf } from './profiles.js';

/** What the user calls the settings of the error's profile. */
interface Names {
  /** `g:etcd.profiles.prod` */
  all: string;
  /** `g:etcd.profiles.prod.cacert` */
  own(setting: string): string;
  /** The same, or etcdctl's variable. Variables only count for the default profile. */
  either(setting: string): string;
}

type Words = { readonly [R in Reason]: (names: Names, subject: Subjects[R], cause: unknown) => string };

const TAKE_OR_KEEP = ':Etcd diff shows both, :e! takes theirs, :w! keeps yours';
const TEXT_IS_HERE = 'your text is still here';
const READ_ANEW = ':e reads it anew';

const words: Words = {
  no_endpoints: ({ either }) => `set ${either('endpoints')}`,
  nobody_listens: ({ either }) => `check ${either('endpoints')}`,
  no_user: ({ either }) => `set ${either('user')}`,
  not_logged_in: ({ either }) => `log in: set ${either('user')}`,
  secret_file: ({ own }, { secret }) => `check ${own(`${secret}_file`)}`,

  tls_file: ({ either }, { setting }) => `check ${either(setting)}`,
  half_a_pair: ({ own }) => `set both ${own('cert')} and ${own('key')}`,
  not_a_pair: ({ own }) => `check ${own('cert')} and ${own('key')}`,
  key_format: ({ own }) => `check ${own('key')}`,
  pem_format: ({ own }) => `check ${own('cacert')}, ${own('cert')} and ${own('key')}`,
  passphrase_missing: ({ own }) => `set ${own('passphrase_command')} or ${own('passphrase_file')}`,
  passphrase_wrong: ({ own }) => `try again, or check ${own('passphrase_command')} or ${own('passphrase_file')}`,
  unknown_ca: ({ own, either }, { cacert }) =>
    cacert === undefined ? `set ${either('cacert')}` : `the CA in ${cacert} did not sign it: check ${own('cacert')}`,
  other_name: ({ own }, { serverName }) =>
    serverName === undefined
      ? `use a name that it is for, or set ${own('server_name')}`
      : `it is not for ${serverName}: check ${own('server_name')}`,
  certificate_refused: ({ own }, { cert }) =>
    cert === undefined
      ? `set ${own('cert')} and ${own('key')} to a pair that its CA has signed`
      : `the CA of the server must have signed ${cert}: check ${own('cert')}`,
  closed_unheard: ({ own }, { cert }) =>
    cert === undefined
      ? `the server may want a client certificate: set ${own('cert')} and ${own('key')}; or there is gRPC alone, and the gateway is at the port of --listen-client-http-urls`
      : `the server may not take the certificate ${cert}: check ${own('cert')}`,
  certificate_expired: ({ all }) => `renew the files that cert and key of ${all} name`,

  read_elsewhere: () => READ_ANEW,
  write_elsewhere: () => `${TEXT_IS_HERE}; :e! reads the key anew, :w! writes it to that cluster`,
  write_elsewhere_unseen: () => `${TEXT_IS_HERE}; :w! writes it to that cluster`,
  unseen: () => ':w! writes over whatever is there',
  both_changed: () => TAKE_OR_KEEP,
  exists: () => 'add ! to overwrite it; :split with its name shows it',
  deleted: () => ':w! creates it again',
  listing_changed: () => `${TEXT_IS_HERE}; :e! lists what is there now, :w! does it all the same`,
  listing_gone: () => `${TEXT_IS_HERE}; :e! lists what is there now`,
  number_unknown: () => ':e! lists what is there, :Etcd undo takes a write back; a new key is written without a number',
  lease_expired: () => ':w! creates it again, without a lease',
  lease_unknown: () => 'nothing was changed by that; :Etcd leases lists those that are there',
  unanswered: (_, __, cause) => `the text is still here; ${(isEtcdError(cause) ? hintOf(cause) : undefined) ?? ':w tries again'}`,
  unanswered_and_changed: () => 'compare before you write again; :w! overwrites',

  compacted: () => 'older history is gone: :Etcd history lists what there is, :Etcd at shows the present',
  future: () => 'it is still to come: :Etcd at shows the present',

  address: () => 'see :help etcd-address',
  mistake: () => 'see :Etcd log',
};

/** @returns what the user can do; undefined if nobody knows */
export function hintOf({ hint, subject, settings = '', cause }: EtcdError): string | undefined {
  return subject === undefined ? hint : say(subject, namesOf(settings), cause);
}

function say<R extends Reason>(subject: { reason: R } & Subjects[R], names: Names, cause: unknown): string {
  return words[subject.reason](names, subject, cause);
}

function namesOf(profile: string): Names {
  const all = settingsOf(profile);
  const own = (setting: string): string => `${all}.${setting}`;
  const either = (setting: string): string => (profile === '' ? `$ETCDCTL_${setting.toUpperCase()} or ${own(setting)}` : own(setting));
  return { all, own, either };
}
