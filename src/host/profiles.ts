/** A profile's settings -> the client's, and the sources of its secrets. */
import { openSecret, type ClusterSettings, type Secret, type SecretSource } from '../client/index.js';
import type { ProfileSettings } from './settings.js';

export type Secrets = Readonly<Record<Secret, SecretSource>>;

/** Sources that remember what the user has answered. */
export function openSecrets(settings: ProfileSettings): Secrets {
  const { password, password_command, password_file, passphrase_command, passphrase_file } = settings;
  return {
    password: openSecret({
      what: 'password',
      ...(password !== undefined && { given: password }),
      ...(password_command && { command: password_command }),
      ...(password_file !== undefined && { file: password_file }),
    }),
    passphrase: openSecret({
      what: 'passphrase',
      ...(passphrase_command && { command: passphrase_command }),
      ...(passphrase_file !== undefined && { file: passphrase_file }),
    }),
  };
}

/** What the user calls the settings of a profile. */
export const settingsOf = (profile: string): string => (profile === '' ? 'g:etcd' : `g:etcd.profiles.${profile}`);

/** @param onNotice hears what the user should know once */
export function clusterSettings(
  profile: string,
  settings: ProfileSettings,
  secrets: Secrets,
  onNotice: (text: string) => void,
): ClusterSettings {
  const { endpoints, discovery_srv, user, cacert, cert, key, server_name, insecure_skip_verify, dial_timeout } = settings;
  return {
    endpoints,
    name: profile,
    onNotice,
    ...(discovery_srv !== undefined && { discoverySrv: discovery_srv }),
    ...(user !== undefined && user !== '' && { credentials: { user, password: secrets.password } }),
    ...(dial_timeout !== undefined && { connectTimeout: dial_timeout }),
    tls: {
      ...(cacert !== undefined && { cacert }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(server_name !== undefined && { serverName: server_name }),
      ...(insecure_skip_verify !== undefined && { insecureSkipVerify: insecure_skip_verify }),
      passphrase: secrets.passphrase,
    },
  };
}
