/** A real etcd, thrown away afterwards, and a second client to look into it: fetch() alone, none of our code. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tools } from './tools.js';

export interface TestEtcd {
  /** `127.0.0.1:port` */
  endpoint: string;
  process: ChildProcess;
  /** POST to the gateway as it is; the answer as it is. */
  post(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }>;
  /** @returns the mod_revision */
  put(key: string | Buffer, value: string | Buffer, lease?: string): Promise<string>;
  get(key: string | Buffer): Promise<Stored | undefined>;
  delete(key: string): Promise<void>;
  grantLease(ttl: number): Promise<string>;
  stop(): Promise<void>;
}

export interface Stored {
  value: Buffer;
  modRevision: string;
  createRevision: string;
  version: string;
  lease: string;
}

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

const base64 = (bytes: string | Buffer): string => Buffer.from(bytes as string).toString('base64');

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** @param command an etcd binary; the newest of this run without it */
export async function startEtcd(command = (tools.etcds.at(-1) as { command: string }).command, flags: string[] = []): Promise<TestEtcd> {
  const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'etcd-vim-test-'));
  const [client, peer] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const child = spawn(
    command,
    [
      ...['--data-dir', join(dir, 'data'), '--listen-client-urls', client, '--advertise-client-urls', client],
      ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`],
      ...['--log-level', 'error', ...flags],
    ],
    { stdio: 'ignore', env: { PATH: process.env['PATH'] } },
  );
  running.add(child);
  await healthy(client, child);
  return attach(client, child, dir);
}

async function healthy(url: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + 20_000;
  while (Date.now() < end && child.exitCode === null) {
    const answer = await fetch(`${url}/health`).then(
      (response) => response.text(),
      () => '',
    );
    if (answer.includes('"true"')) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`etcd does not answer (exit ${String(child.exitCode)})`);
}

function attach(url: string, child: ChildProcess, dir: string): TestEtcd {
  async function post(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
  return {
    endpoint: url.replace('http://', ''),
    process: child,
    post,
    async put(key, value, lease) {
      const { body } = await post('/v3/kv/put', { key: base64(key), value: base64(value), ...(lease && { lease }) });
      return (body['header'] as { revision: string }).revision;
    },
    async get(key) {
      const { body } = await post('/v3/kv/range', { key: base64(key) });
      const kv = (body['kvs'] as Record<string, string>[] | undefined)?.[0];
      return (
        kv && {
          value: Buffer.from(kv['value'] ?? '', 'base64'),
          modRevision: kv['mod_revision'] ?? '',
          createRevision: kv['create_revision'] ?? '',
          version: kv['version'] ?? '',
          lease: kv['lease'] ?? '0',
        }
      );
    },
    async delete(key) {
      await post('/v3/kv/deleterange', { key: base64(key) });
    },
    async grantLease(ttl) {
      const { body } = await post('/v3/lease/grant', { TTL: String(ttl) });
      return body['ID'] as string;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      running.delete(child);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
