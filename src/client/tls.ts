/** TLS settings -> the options of a connection. Only the explicit setting turns verification off. */
import { readFileSync, statSync } from 'node:fs';
import { EtcdError, fromTransport, isEtcdError } from './errors.js';
import type { SecretSource, Until } from './secret.js';
import { missingPassphrase, wrongPassphrase, type TransportRow } from './tls-errors.js';

/** Names of files, as for etcdctl's --cacert, --cert, --key. */
export interface TlsSettings {
  cacert?: string;
  cert?: string;
  key?: string;
  /** The name to verify instead of the endpoint's host. */
  serverName?: string;
  insecureSkipVerify?: boolean;
  /** The passphrase of the key. */
  passphrase?: SecretSource;
}

export interface ConnectOptions {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  passphrase?: string;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** The options of connections, from the files as they are now: certificates are renewed while we run. */
export interface Identity {
  /**
   * The same object as long as the files are the same.
   * @throws EtcdError as connectOptions(). But once the files were right, a file that is wrong is ignored: it may be in the middle of a
   * renewal
   */
  current(until: Until): Promise<ConnectOptions>;
}

/** Reads nothing yet. */
export function openIdentity(settings: TlsSettings): Identity {
  const files = [settings.cacert, settings.cert, settings.key].filter((file) => file !== undefined);
  let seen: string | undefined;
  let known: ConnectOptions | undefined;
  return {
    async current(until) {
      const now = files.map(stamp).join();
      if (known && now === seen) return known;
      try {
        known = await connectOptions(settings, until);
        seen = now;
        return known;
      } catch (thrown) {
        if (known && isEtcdError(thrown) && thrown.wants === undefined) return known;
        throw thrown;
      }
    },
  };
}

/** When a client certificate expired, if it has. */
export function expiry({ cert }: ConnectOptions): string | undefined {
  if (cert === undefined) return undefined;
  const { validTo } = new (process.getBuiltinModule('node:crypto').X509Certificate)(cert);
  return Date.parse(validTo) < Date.now() ? validTo : undefined;
}

/** Changes if the file changes. */
function stamp(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? [stat.dev, stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs].join(' ') : '';
}

/** Whether anything is set that means TLS for an endpoint without a scheme. */
export function meansTls({ cacert, cert, serverName, insecureSkipVerify }: TlsSettings): boolean {
  return cacert !== undefined || cert !== undefined || serverName !== undefined || insecureSkipVerify === true;
}

/**
 * Reads the files, and tries whether key and certificate fit.
 * @throws EtcdError tls; with `wants: 'passphrase'` if only that is missing
 */
export async function connectOptions(settings: TlsSettings, until: Until): Promise<ConnectOptions> {
  const { cacert, cert, key, serverName, insecureSkipVerify, passphrase } = settings;
  if ((cert === undefined) !== (key === undefined)) {
    throw new EtcdError('tls', cert === undefined ? 'a key without a certificate' : 'a certificate without its key', {
      subject: { reason: 'half_a_pair' },
    });
  }
  const options: ConnectOptions = {
    ...(cacert !== undefined && { ca: read('cacert', cacert) }),
    ...(cert !== undefined && key !== undefined && { cert: read('cert', cert), key: read('key', key) }),
    ...(serverName !== undefined && { servername: serverName }),
    rejectUnauthorized: insecureSkipVerify !== true,
  };
  const { key: pem, ...rest } = options;
  const locked = pem !== undefined && LOCKED.test(pem.toString('latin1'));
  tryOut(locked ? rest : options);
  if (!locked) return options;
  const secret = await passphrase?.get(until);
  if (secret === undefined) throw errorOf(missingPassphrase);
  if (!unlocks(pem, secret)) {
    passphrase?.forget();
    throw errorOf(wrongPassphrase);
  }
  const unlocked = { ...options, passphrase: secret };
  tryOut(unlocked);
  return unlocked;
}

/** PKCS #8 (RFC 7468), and the older form of OpenSSL (RFC 1421). */
const LOCKED = /^(-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED)/m;

const errorOf = ({ code, why, traits }: TransportRow): EtcdError => new EtcdError(code, why, traits);

/** Whatever OpenSSL says: by chance, one wrong passphrase in 250 "decrypts" a key, to something that is no key. */
function unlocks(key: Buffer, passphrase: string): boolean {
  try {
    process.getBuiltinModule('node:crypto').createPrivateKey({ key, passphrase });
    return true;
  } catch {
    return false;
  }
}

function read(setting: 'cacert' | 'cert' | 'key', file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new EtcdError('tls', `${setting} ${file} cannot be read (${code ?? 'unknown'})`, {
      cause,
      subject: { reason: 'tls_file', setting },
    });
  }
}

/** Throws what OpenSSL says of the files, before anything is sent to anyone. node:tls is loaded only if TLS is used. */
function tryOut(options: ConnectOptions): void {
  try {
    process.getBuiltinModule('node:tls').createSecureContext(options);
  } catch (thrown) {
    const { code, message, hint, subject } = fromTransport(thrown, '');
    const why = code === 'tls' ? message : (thrown as Error).message;
    throw new EtcdError('tls', why, { cause: thrown, ...(hint !== undefined && { hint }), ...(subject && { subject }) });
  }
}
