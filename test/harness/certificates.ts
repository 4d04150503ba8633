/** A CA and the certificates that go right and wrong with it. openssl makes them, and they are thrown away afterwards. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files of one certificate and its key, in PEM. */
export interface Pair {
  cert: string;
  key: string;
}

export interface Certificates {
  /** The CA's certificate. */
  ca: string;
  /** The certificate of a CA that signed nothing here. */
  strangerCa: string;
  /** For 127.0.0.1 and localhost. It is also a client's certificate, because the gateway dials its own server with it. */
  server: Pair;
  /** The same, but not a client's. With `--client-cert-auth` the gateway cannot reach its own server. */
  serverOnly: Pair;
  expired: Pair;
  /** Only for `elsewhere.example`. */
  elsewhere: Pair;
  /** A client's without a CN, which the gateway takes. Its key is in the clear. */
  client: Pair;
  /** The same, but it ended yesterday. */
  past: Pair;
  /** The same, but with a CN, which the gateway refuses. */
  named: Pair;
  /** A client's, signed by the stranger. */
  foreign: Pair;
  /** The client's certificate. Its key is encrypted with `passphrase`, in both forms that exist. */
  locked: Pair & { pkcs8: string; passphrase: string };
  remove(): void;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const HERE = 'IP:127.0.0.1,DNS:localhost';

/** Makes a fresh directory of them. It takes well under a second. */
export function makeCertificates(): Certificates {
  const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'etcd-vim-tls-'));
  const at = (name: string): string => join(dir, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] });

  function authority(name: string): string {
    openssl('req', '-x509', ...KEY, '-keyout', `${name}.key`, '-out', `${name}.crt`, '-days', '30', '-subj', `/CN=${name}`);
    return at(`${name}.crt`);
  }

  function signed(name: string, by: string, subject: string, names = HERE, days = '30', usage = 'serverAuth,clientAuth'): Pair {
    openssl('req', ...KEY, '-keyout', `${name}.key`, '-subj', subject, '-out', `${name}.csr`);
    writeFileSync(at(`${name}.ext`), `subjectAltName=${names}\nextendedKeyUsage=${usage}\n`);
    const ca = ['-CA', `${by}.crt`, '-CAkey', `${by}.key`, '-CAcreateserial'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...ca, '-days', days, '-extfile', `${name}.ext`, '-out', `${name}.crt`);
    return { cert: at(`${name}.crt`), key: at(`${name}.key`) };
  }

  function locked(pair: Pair, passphrase: string): Certificates['locked'] {
    openssl('ec', '-aes256', '-in', pair.key, '-out', 'locked.key', '-passout', `pass:${passphrase}`);
    openssl('pkcs8', '-topk8', '-in', pair.key, '-out', 'locked.pk8', '-passout', `pass:${passphrase}`);
    return { cert: pair.cert, key: at('locked.key'), pkcs8: at('locked.pk8'), passphrase };
  }

  const ca = authority('ca');
  const strangerCa = authority('stranger');
  const client = signed('client', 'ca', '/O=org');
  return {
    ca,
    strangerCa,
    server: signed('server', 'ca', '/O=server'),
    serverOnly: signed('server-only', 'ca', '/O=server', HERE, '30', 'serverAuth'),
    expired: signed('expired', 'ca', '/O=server', HERE, '-1'),
    elsewhere: signed('elsewhere', 'ca', '/O=server', 'DNS:elsewhere.example'),
    client,
    past: signed('past', 'ca', '/O=org', HERE, '-1'),
    named: signed('named', 'ca', '/CN=alice'),
    foreign: signed('foreign', 'stranger', '/O=org'),
    locked: locked(client, 'open sesame'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
