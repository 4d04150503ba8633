/**
 * What an error is about, if what helps depends on the front end: each one has its own names for settings, and its own commands. The
 * client and the keyspace only name the reason. Each front end has a table of words for all reasons, like host/hints.ts.
 */
import type { TlsSettings } from './tls.js';

/** No details. */
type Nothing = object;

/** Each reason, with the details that its words may need. {@link completed} fills in the details that say what is set. */
export interface Subjects {
  /** No endpoint is given. */
  no_endpoints: Nothing;
  /** Nothing listens at the endpoint. */
  nobody_listens: Nothing;
  /** etcd wants a user, and none is set. */
  no_user: Nothing;
  /** Something was denied to a request without a user. */
  not_logged_in: Nothing;
  /** The file that the password or the passphrase comes from cannot be read. */
  secret_file: { secret: Secret };

  /** A file of TLS cannot be read. */
  tls_file: { setting: 'cacert' | 'cert' | 'key' };
  /** Only one of certificate and key is set. */
  half_a_pair: Nothing;
  /** The certificate is not for this key. */
  not_a_pair: Nothing;
  /** The key is in no format that can be read. */
  key_format: Nothing;
  /** One of the files is not in PEM format. */
  pem_format: Nothing;
  passphrase_missing: Nothing;
  passphrase_wrong: Nothing;
  /** The CA that is set, if one is, has not signed the server's certificate. */
  unknown_ca: { cacert?: string | undefined };
  /** The server's certificate is for another name than the endpoint's host, or than the name that is set. */
  other_name: { serverName?: string | undefined };
  /** The server does not take the client certificate. */
  certificate_refused: { cert?: string | undefined };
  /** A server with TLS closes each connection before it has said anything. */
  closed_unheard: { cert?: string | undefined };
  /** The client certificate has expired. */
  certificate_expired: Nothing;

  /** Another cluster answers in the middle of a read. */
  read_elsewhere: Nothing;
  /** Another cluster answers than the one that the key was read from; nothing was written. */
  write_elsewhere: Nothing;
  /** The same, and the key may not be read there. */
  write_elsewhere_unseen: Nothing;
  /** The key may be written but not read, so a write compares with nothing. */
  unseen: Nothing;
  /** Both sides have changed the key since it was read, or keys of a document. */
  both_changed: Nothing;
  /** There is such a key already, and it was never read. */
  exists: Nothing;
  /** The key was deleted since it was read. */
  deleted: Nothing;
  /** A listing was edited, but what the edit relies on has changed since it was read. */
  listing_changed: Nothing;
  /** An edited listing renames or deletes a key that does not exist any more. */
  listing_gone: Nothing;
  /** Nothing has this number of an edited listing. The key was deleted, or has gone to another prefix, or never was. */
  number_unknown: Nothing;
  /** The key went with its lease. */
  lease_expired: Nothing;
  /** A key is to have a lease that the cluster does not know. */
  lease_unknown: Nothing;
  /** The answer of a write was lost. Whatever helps against the loss, which is the error's cause, helps here too. */
  unanswered: Nothing;
  /** The same, and the key was changed meanwhile. */
  unanswered_and_changed: Nothing;

  /** What was at that revision is compacted. */
  compacted: Nothing;
  /** That revision is still to come, at least to the member that answers. */
  future: Nothing;

  /** What was typed is no address. */
  address: Nothing;
  /** This program has a mistake. */
  mistake: Nothing;
}

export type Reason = keyof Subjects;
export type Subject = { [R in Reason]: { reason: R } & Subjects[R] }[Reason];

/** The secrets that the user can be asked for: their own password, or the passphrase of the client's key. */
export type Secret = 'password' | 'passphrase';

/** @returns the subject with the details that are set. A hint to set what is set would not help */
export function completed(subject: Subject, { cacert, cert, serverName }: TlsSettings): Subject {
  const { reason } = subject;
  if (reason === 'unknown_ca') return { reason, cacert };
  if (reason === 'other_name') return { reason, serverName };
  return reason === 'certificate_refused' || reason === 'closed_unheard' ? { reason, cert } : subject;
}
