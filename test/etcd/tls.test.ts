/** TLS as it goes right and wrong, with real servers: the right hint each time, and nothing sent to the wrong one. */
import { createPrivateKey } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { asEtcdError, openSecret, type Client, type EtcdError, type ClusterSettings, type TlsSettings } from '../../src/client/index.js';
import { hintOf } from '../../src/host/hints.js';
import { createClient } from '../harness/client.js';
import { makeCertificates, type Certificates, type Pair } from '../harness/certificates.js';
import { startCluster, type ClusterOptions, type TestCluster } from '../harness/cluster.js';
import { freePort } from '../harness/port.js';
import { tools } from '../harness/tools.js';
import { ALICE, enableAuth } from '../harness/users.js';

const options = { budget: 3000 };
let made: Certificates;
beforeAll(() => void (made = makeCertificates()));
afterAll(() => made.remove());

async function reads(settings: ClusterSettings): Promise<string[]> {
  const notices: string[] = [];
  const client = createClient({ ...settings, onNotice: (text) => notices.push(text) });
  try {
    await client.range({ key: '/x' }, options);
    return notices;
  } finally {
    await client.close();
  }
}

const ca = (): string => made.ca;
const passphrase = (secret?: string) => openSecret({ what: 'passphrase', ...(secret !== undefined && { given: secret }) });
const hint = (text: string): unknown => expect.stringContaining(text);
/**
 * For a client certificate that is missing, or that is not accepted: with TLS 1.2 a server says so, and with 1.3 it closes without a word.
 */
const UNHEARD = expect.stringMatching(/^(?:closed_unheard|certificate_refused)$/) as unknown;

/** A wrong passphrase that OpenSSL does not recognize as wrong: by chance, what it decrypts ends as an encrypted key must. */
function unlucky(file: string): string {
  const key = readFileSync(file);
  for (let i = 0; ; i++) {
    try {
      createPrivateKey({ key, passphrase: `wrong ${i}` });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ERR_OSSL_UNSUPPORTED') return `wrong ${i}`;
    }
  }
}

function serving(command: string, tls: () => ClusterOptions['tls']): () => TestCluster {
  let cluster: TestCluster;
  beforeAll(async () => void (cluster = await startCluster({ command, ...(tls() && { tls: tls() }) } as ClusterOptions)));
  afterAll(() => cluster.close());
  return () => cluster;
}

describe.each(tools.etcds)('https ($name)', ({ command }) => {
  const cluster = serving(command, () => ({ ...made.server, ca: made.ca }));
  const with_ = (tls: TlsSettings): ClusterSettings => ({ endpoints: cluster().endpoints, tls });

  it('with its CA is read, and a bare endpoint is https as soon as TLS is set', async () => {
    expect(await reads(with_({ cacert: ca() }))).toEqual([]);
    const bare = cluster().endpoints.map((endpoint) => endpoint.replace('https://', ''));
    expect(await reads({ endpoints: bare, tls: { cacert: ca() } })).toEqual([]);
  });

  it('without its CA, or with another, is refused, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const refused = { code: 'tls', message: hint('unknown CA'), retryable: false };
    await expect(reads(with_({}))).rejects.toMatchObject({ ...refused, subject: { reason: 'unknown_ca', cacert: undefined } });
    const another = { ...with_({ cacert: made.strangerCa }), name: 'prod' };
    const subject = { reason: 'unknown_ca', cacert: made.strangerCa };
    await expect(reads(another)).rejects.toMatchObject({ ...refused, subject, settings: 'prod' });
    vi.unstubAllEnvs();
  });

  it('that is not to be verified is read, with a notice', async () => {
    expect(await reads(with_({ insecureSkipVerify: true }))).toEqual([hint('not verified')]);
  });

  it('by a name that the certificate does not have needs that name', async () => {
    await expect(reads(with_({ cacert: ca(), serverName: 'elsewhere.example' }))).rejects.toMatchObject({
      code: 'tls',
      subject: { reason: 'other_name', serverName: 'elsewhere.example' },
    });
    expect(await reads(with_({ cacert: ca(), serverName: 'localhost' }))).toEqual([]);
  });

  it('spoken to in http gets the hint', async () => {
    const endpoints = cluster().endpoints.map((endpoint) => endpoint.replace('https:', 'http:'));
    await expect(reads({ endpoints })).rejects.toMatchObject({ hint: hint('https://') });
  });

  it('needs files that can be read, that are PEM, and a key that fits', async () => {
    await expect(reads(with_({ cacert: '/nowhere/ca.crt' }))).rejects.toMatchObject({
      code: 'tls',
      message: hint('/nowhere/ca.crt'),
      subject: { reason: 'tls_file', setting: 'cacert' },
    });
    await expect(reads(with_({ cert: made.client.cert }))).rejects.toMatchObject({
      code: 'tls',
      message: hint('without its key'),
      subject: { reason: 'half_a_pair' },
    });
    await expect(reads(with_({ cert: made.client.cert, key: made.server.key }))).rejects.toMatchObject({
      code: 'tls',
      message: hint('do not belong'),
      subject: { reason: 'not_a_pair' },
    });
    for (const pair of [
      { cert: '/etc/hostname', key: made.server.key },
      { cert: made.client.cert, key: '/etc/hostname' },
    ]) {
      await expect(reads(with_(pair))).rejects.toMatchObject({ code: 'tls', message: hint('PEM'), subject: { reason: hint('_format') } });
    }
  });
});

it.each(tools.etcds)('a certificate that has expired is refused ($name)', async ({ command }) => {
  // Nobody can say when it is healthy, so we wait until it is no longer unreachable.
  const cluster = await startCluster({ command, tls: { ...made.expired, ca: made.ca }, start: [] });
  cluster.start(0);
  const attempt = async (): Promise<{ code?: string }> => {
    try {
      await reads({ endpoints: cluster.endpoints, tls: { cacert: ca() } });
      return {};
    } catch (thrown) {
      return thrown as EtcdError;
    }
  };
  let failed = await attempt();
  while (failed.code === 'unreachable') failed = await attempt();
  expect(failed).toMatchObject({ code: 'tls', message: hint('expired'), hint: hint('clock') });
  await cluster.close();
});

describe.each(tools.etcds)('http ($name)', ({ command }) => {
  const cluster = serving(command, () => undefined);
  it('spoken to in https gets the hint', async () => {
    const endpoints = cluster().endpoints.map((endpoint) => `https://${endpoint}`);
    await expect(reads({ endpoints })).rejects.toMatchObject({ code: 'tls', hint: hint('http://') });
  });
});

describe.each(tools.etcds)('client certificates ($name)', ({ command }) => {
  const cluster = serving(command, () => {
    const { cert, key } = made.client;
    return { ...made.server, ca: made.ca, clientCa: made.ca, clientCert: cert, clientKey: key };
  });
  const with_ = (tls: TlsSettings): ClusterSettings => ({ endpoints: cluster().endpoints, tls: { cacert: ca(), ...tls } });

  it('are shown', async () => {
    expect(await reads(with_(made.client))).toEqual([]);
  });

  it('that are missing or foreign get the hint, within a moment', async () => {
    const began = performance.now();
    await expect(reads(with_({}))).rejects.toMatchObject({ code: 'tls', subject: { reason: UNHEARD, cert: undefined } });
    await expect(reads(with_(made.foreign))).rejects.toMatchObject({ code: 'tls', subject: { reason: UNHEARD, cert: made.foreign.cert } });
    expect(performance.now() - began).toBeLessThan(options.budget);
  });

  it.each(['key', 'pkcs8'] as const)('whose key is locked (%s) ask for the passphrase, and again when it is wrong', async (form) => {
    const { cert, [form]: key, passphrase: right } = made.locked;
    const source = passphrase();
    await expect(reads(with_({ cert, key, passphrase: source }))).rejects.toMatchObject({ code: 'tls', wants: 'passphrase' });
    for (const wrong of ['wrong', unlucky(key)]) {
      source.answer(wrong);
      await expect(reads(with_({ cert, key, passphrase: source }))).rejects.toMatchObject({
        code: 'tls',
        wants: 'passphrase',
        message: hint('wrong'),
      });
    }
    source.answer(right);
    expect(await reads(with_({ cert, key, passphrase: source }))).toEqual([]);
  });

  it('with a CN are refused by the gateway where users are on, which is explained; without one users log in', async () => {
    expect(await reads(with_(made.named))).toEqual([]);
    await enableAuth(cluster().inspect(), [{ type: 'READ', key: '/x' }]);
    await expect(reads(with_(made.named))).rejects.toMatchObject({ code: 'unauthenticated', hint: hint('without CN') });
    await expect(reads(with_(made.client))).rejects.toMatchObject({ subject: { reason: 'not_logged_in' } });
    const password = openSecret({ what: 'password', given: ALICE.password });
    expect(await reads({ ...with_(made.client), credentials: { user: ALICE.user, password } })).toEqual([]);
  });
});

describe.each(tools.etcds)('a client certificate that is renewed ($name)', ({ command }) => {
  let dir: string;
  let live: { cert: string; key: string };
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'etcd-vim-renewed-'));
    live = { cert: join(dir, 'cert'), key: join(dir, 'key') };
  });
  afterAll(() => rmSync(dir, { recursive: true }));
  const renew = ({ cert, key }: Pair): void => {
    copyFileSync(cert, live.cert);
    copyFileSync(key, live.key);
  };

  /** A server that has accepted the certificate, and then, after a restart, wants one of another CA. */
  async function changes(to: 'stranger' | 'same', test: (client: Client) => Promise<void>): Promise<void> {
    const { cert, key } = made.client;
    const tls = { ...made.server, ca: made.ca, clientCa: made.ca, clientCert: cert, clientKey: key };
    const cluster = await startCluster({ command, tls });
    renew(made.client);
    const client = createClient({ endpoints: cluster.endpoints, tls: { cacert: ca(), ...live } });
    try {
      await client.range({ key: '/x' }, options);
      await cluster.kill(0);
      if (to === 'stranger') {
        // Its own certificate is of our CA, so its gateway cannot reach it. So we ask something that needs no gateway.
        copyFileSync(made.strangerCa, join(dir, 'ca'));
        Object.assign(tls, { clientCa: join(dir, 'ca') });
      }
      cluster.start(0);
      await (to === 'same' ? cluster.healthy() : cluster.listening(0));
      await test(client);
    } finally {
      await client.close();
      await cluster.close();
    }
  }

  it('is taken up at the next connection, and a pair that is renewed only in half is not', async () => {
    await changes('same', async (client) => {
      renew(made.past);
      copyFileSync(made.client.key, live.key);
      await client.range({ key: '/x' }, options);
    });
    await changes('same', async (client) => {
      renew(made.past);
      await expect(client.range({ key: '/x' }, options)).rejects.toMatchObject({ code: 'tls', message: hint('expired') });
      renew(made.client);
      await client.range({ key: '/x' }, options);
    });
  });

  it('is told at once where it is none that the server takes any more', async () => {
    await changes('stranger', async (client) => {
      const began = performance.now();
      await expect(client.range({ key: '/x' }, { budget: 15_000 })).rejects.toMatchObject({
        code: 'tls',
        subject: { reason: UNHEARD, cert: live.cert },
      });
      expect(performance.now() - began).toBeLessThan(5000);
      renew(made.foreign);
      // It is accepted, and the gateway answers that it cannot reach its own server. While it still tries, it says so in other words.
      const told = async () => client.range({ key: '/x' }, options).catch((thrown: unknown) => (thrown as Error).message);
      await expect.poll(told, { timeout: 10_000 }).toEqual(hint('the gateway of etcd cannot reach'));
    });
  });
});

// 3.4 does not know the flag.
it.each(tools.etcds.filter(({ version }) => !version.startsWith('3.4.')))(
  'the port of gRPC alone says where the gateway is ($name)',
  async ({ command }) => {
    const http = `https://127.0.0.1:${await freePort()}`;
    const flags = ['--listen-client-http-urls', http];
    const cluster = await startCluster({ command, flags, tls: { ...made.server, ca: made.ca }, start: [] });
    cluster.start(0);
    await cluster.listening(0);
    const error = await reads({ endpoints: cluster.endpoints, tls: { cacert: ca() } }).catch((thrown: unknown) => thrown);
    // Some servers close the connection, others answer in HTTP/2.
    expect(hintOf(asEtcdError(error))).toContain('--listen-client-http-urls');
    await cluster.close();
  },
);
