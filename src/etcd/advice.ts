/** What helps against an error, in terms of what the user has set, and called as the user calls it. */
import { changed, EtcdError } from './errors.js';
import type { TlsSettings } from './tls.js';
import { advice } from './tls-errors.js';

/** What the settings are called if nothing else is said: those of the default profile. */
const DEFAULT = 'g:etcd';

/**
 * @param error what a request has thrown
 * @param tls what is set: a hint to set it would not help
 * @param settings what the dictionary of the settings is called; etcdctl's variables are for the default one alone
 */
export function advised(error: unknown, tls: TlsSettings, settings = DEFAULT): unknown {
  if (!(error instanceof EtcdError) || error.hint === undefined) return error;
  const hint = named(fitting(error.hint, tls), settings);
  return hint === error.hint ? error : changed(error, { hint });
}

function fitting(hint: string, { cacert, cert, serverName }: TlsSettings): string {
  if (hint === advice.cacert && cacert !== undefined) return `the CA in ${cacert} did not sign it: check g:etcd.cacert`;
  if (hint === advice.cert && cert !== undefined) return `the CA of the server must have signed ${cert}: check g:etcd.cert`;
  if (hint === advice.unheard && cert !== undefined) return `the server may not take the certificate ${cert}: check g:etcd.cert`;
  if (hint === advice.serverName && serverName !== undefined) return `it is not for ${serverName}: check g:etcd.server_name`;
  return hint;
}

function named(hint: string, settings: string): string {
  return settings === DEFAULT ? hint : hint.replace(/(?:\$ETCDCTL_\w+ or )?\bg:etcd\./g, `${settings}.`);
}
