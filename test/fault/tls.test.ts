/** Ten ways in which TLS goes wrong: each time the right hint, and no request to a server that is not verified. */
import { createServer } from 'node:tls';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, it } from 'vitest';
import { openSecret, type ClusterSettings, type EtcdError } from '../../src/client/index.js';
import { hintOf } from '../../src/host/hints.js';
import { makeCertificates, type Certificates, type Pair } from '../harness/certificates.js';
import { startCluster } from '../harness/cluster.js';
import { tools } from '../harness/tools.js';
import { row, type Ledger } from './ledger.js';
import { bounds } from './trials.js';
import { openWriter } from './writer.js';

let made: Certificates;
beforeAll(() => {
  made = makeCertificates();
});
afterAll(() => made.remove());

/** @returns what a read and then a put, or a put at once, are told, with code and words; 'written' if it is acknowledged */
async function told(settings: ClusterSettings, isRead = true): Promise<string> {
  const writer = openWriter(settings, 3000);
  const unread = !isRead
    ? undefined
    : await writer.read('/tls').then(
        () => undefined,
        (thrown: unknown) => thrown as EtcdError,
      );
  const error = unread ?? (await writer.write('/tls', String(Math.random()), undefined)).error;
  await writer.client.close();
  // TLS has nothing to do with whether the key exists.
  if (error?.code === 'conflict') return 'written';
  return error ? `${error.code}: ${error.message}; ${hintOf(error)}` : 'written';
}

/** Mutant: `rejectUnauthorized: false` in src/client/tls.ts. */
it.each(tools.etcds)('tls-matrix ($name): the right hint, and nothing sent before', bounds, async ({ name, command }) => {
  const { cert, key } = made.client;
  const tls = { ...made.server, ca: made.ca };
  const open = await startCluster({ command, tls });
  const strict = await startCluster({ command, tls: { ...tls, clientCa: made.ca, clientCert: cert, clientKey: key } });
  const plain = await startCluster({ command });
  const ca = { cacert: made.ca };
  const { passphrase, ...locked } = made.locked;
  const secret = (given: string) => openSecret({ what: 'passphrase', given });
  const cases: [string, ClusterSettings, RegExp][] = [
    ['its CA', { endpoints: open.endpoints, tls: ca }, /^written/],
    ['no CA', { endpoints: open.endpoints, tls: {} }, /^tls: .*unknown CA.*cacert/],
    ['another CA', { endpoints: open.endpoints, tls: { cacert: made.strangerCa } }, /^tls: .*unknown CA.*cacert/],
    ['another name', { endpoints: open.endpoints, tls: { ...ca, serverName: 'elsewhere.example' } }, /^tls: .*server_name/],
    ['http to https', { endpoints: open.endpoints.map((it) => it.replace('https', 'http')) }, /https:/],
    ['https to http', { endpoints: plain.endpoints.map((it) => `https://${it}`), tls: ca }, /^tls: .*http:/],
    ['no client certificate', { endpoints: strict.endpoints, tls: ca }, /^tls: .*cert/],
    ['a foreign client certificate', { endpoints: strict.endpoints, tls: { ...ca, ...made.foreign } }, /^tls: .*cert/],
    ['a client certificate', { endpoints: strict.endpoints, tls: { ...ca, ...made.client } }, /^written/],
    ['a key with its passphrase', { endpoints: strict.endpoints, tls: { ...ca, ...locked, passphrase: secret(passphrase) } }, /^written/],
    ['a key with another passphrase', { endpoints: strict.endpoints, tls: { ...ca, ...locked, passphrase: secret('x') } }, /passphrase/],
    ['a certificate and another key', { endpoints: strict.endpoints, tls: { ...ca, cert, key: made.foreign.key } }, /^tls: .*belong/],
  ];
  await row('tls-matrix', name, async (ledger) => {
    // Three of them must succeed.
    ledger.promise({ trials: cases.length + 2, hits: (all) => all - 3 });
    for (const [what, settings, expected] of cases) {
      const began = performance.now();
      const answer = await told(settings);
      ledger.tried(performance.now() - began);
      if (answer !== 'written') ledger.hit();
      ledger.hold(expected.test(answer), `${what}: ${answer}`);
      // A put that was cut off may be told as unknown, but with the same hint.
      const unread = (await told(settings, false)).replace(/^outcome_unknown/, 'tls');
      ledger.hold(expected.test(unread), `${what}, put at once: ${unread}`);
    }
    await unverified(ledger, 'expired', made.expired, /^tls: .*has expired.*; .*renew.*clock/);
    await unverified(ledger, 'elsewhere', made.elsewhere, /^tls: .*another host name; .*server_name/);
  }).finally(() => Promise.all([open.close(), strict.close(), plain.close()]));
});

/** Counts what an impostor hears: the put, the key and the password are in it. */
async function unverified(ledger: Ledger, what: string, pair: Pair, expected: RegExp): Promise<void> {
  let heard = '';
  const impostor = createServer({ cert: readFileSync(pair.cert), key: readFileSync(pair.key) }, (socket) => {
    socket.on('data', (piece: Buffer) => (heard += piece.toString()));
    socket.on('error', () => undefined);
  });
  impostor.on('tlsClientError', () => undefined);
  await once(impostor.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `https://127.0.0.1:${(impostor.address() as AddressInfo).port}`;
  const answer = await told({ endpoints: [endpoint], tls: { cacert: made.ca } });
  ledger.tried();
  if (answer !== 'written') ledger.hit();
  ledger.hold(expected.test(answer), `${what}: ${answer}`);
  ledger.hold(heard === '', `${what}: it heard ${heard.length} bytes`);
  impostor.close();
}
