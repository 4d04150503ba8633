/**
 * A cluster of real etcd members on loopback, which can be killed, stopped and started again. It is thrown away afterwards, however we end.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import { inspector, type Inspector } from './inspector.js';
import { startGuard } from './guard.js';
import { freePort } from './port.js';

export interface ClusterOptions {
  /** An etcd binary; by default the newest of this run. */
  command?: string;
  /** The default is 1. */
  size?: 1 | 3;
  /** For every member, e.g. `['--auth-token-ttl', '3']`. */
  flags?: string[];
  /** Files; https for clients. With `clientCa` a client must show a certificate of that CA (`--client-cert-auth`). */
  tls?: { cert: string; key: string; ca: string; clientCa?: string; clientCert?: string; clientKey?: string };
  /** The data is in the folder for temporary files; by default in memory. */
  onDisk?: boolean;
  /** Members to start; by default all. Waits until they are healthy if they are a quorum. */
  start?: number[];
}

export interface TestCluster {
  /** `host:port`, as our client takes them; with TLS `https://host:port`. */
  readonly endpoints: string[];
  readonly pids: (number | undefined)[];
  /** kill -9; or SIGTERM, and kill -9 two seconds later. Resolves when it is gone. */
  kill(member: number, signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** SIGSTOP: connections stay open, nothing answers. */
  stop(member: number): void;
  /** SIGCONT. */
  resume(member: number): void;
  /** Starts a member that was killed, with its data. Does not wait until it answers. */
  start(member: number): void;
  /** kill -9, then an empty data directory: another cluster behind the same endpoints. Only for a single member. */
  swap(): Promise<void>;
  /**
   * Takes a copy of the data. Only for a single member.
   * @returns puts it back: the same cluster, as it was
   */
  backup(): Promise<() => Promise<void>>;
  /** The leader among the members that answer. Waits until there is one. */
  leader(): Promise<number>;
  /** Waits until each of these members (all that run) answers a linearizable read. */
  healthy(members?: number[]): Promise<void>;
  /** Waits until this member takes connections. Without a quorum it does no more than that. */
  listening(member: number): Promise<void>;
  /** Asks this member (the first one that runs). */
  inspect(member?: number): Inspector;
  /** From now on inspect() sends this. */
  login(name: string, password: string): Promise<void>;
  /** inspect() no longer sends a token, which 3.4 refuses if auth is off. */
  logout(): void;
  close(): Promise<void>;
}

/** ms until a cluster that was started must answer. */
const PATIENCE = 30_000;
/** ms after SIGTERM. etcd 3.5 waits ten seconds and more for connections in use, and no other fault could come meanwhile. */
const TERM_PATIENCE = 2000;

export async function startCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  return launch(options).catch((error: unknown) => {
    // Somebody else took a port between our look and the start.
    if (!String(error).includes('address already in use')) throw error;
    return launch(options);
  });
}

async function launch(options: ClusterOptions): Promise<TestCluster> {
  const size = options.size ?? 1;
  const all = Array.from({ length: size }, (_, member) => member);
  const dir = mkdtempSync(join(options.onDisk || !existsSync('/dev/shm') ? tmpdir() : '/dev/shm', 'etcd-vim-etcd-'));
  const scheme = options.tls ? 'https' : 'http';
  const clients = await Promise.all(all.map(async () => `${scheme}://127.0.0.1:${await freePort()}`));
  const peers = await Promise.all(all.map(async () => `http://127.0.0.1:${await freePort()}`));
  const children: (ChildProcess | undefined)[] = all.map(() => undefined);
  const said = all.map(() => '');
  const guard = startGuard(dir);
  // Not imported at the top: a caller with a command need not have all tools of the tests.
  const command = options.command ?? ((await import('./tools.js')).tools.etcds.at(-1) as { command: string }).command;
  const tls = options.tls && clientTls(options.tls);
  const dispatcher = tls && new Agent({ connect: tls });
  let token: string | undefined;
  let generation = 0;

  const running = (): number[] => all.filter((member) => children[member] !== undefined);
  const look = (member: number, patience: number): Inspector =>
    inspector(clients[member] as string, { token: () => token, patience, ...(tls && { tls }) });

  const watch = (): void => guard.watch(children.flatMap((child) => child?.pid ?? []));

  function start(member: number): void {
    const { PATH, ETCD_UNSUPPORTED_ARCH = process.arch } = process.env;
    // A session of its own: what the terminal sends (Ctrl-C, Ctrl-Z) is not for etcd. Nor are the user's ETCD_*.
    const child = spawn(command, flagsOf(member), {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH, ETCD_UNSUPPORTED_ARCH },
    });
    child.on('error', (error) => (said[member] = error.message));
    child.stderr.on('data', (chunk: Buffer) => (said[member] = `${said[member] ?? ''}${String(chunk)}`.slice(-4000)));
    children[member] = child;
    watch();
  }
  function flagsOf(member: number): string[] {
    const cluster = all.map((other) => `m${other}=${peers[other] as string}`).join(',');
    return [
      ...['--name', `m${member}`, '--data-dir', join(dir, `m${member}-${generation}`), '--initial-cluster-token', `${dir}-${generation}`],
      ...['--listen-client-urls', clients[member] as string, '--advertise-client-urls', clients[member] as string],
      ...['--listen-peer-urls', peers[member] as string, '--initial-advertise-peer-urls', peers[member] as string],
      ...['--initial-cluster', cluster, '--logger', 'zap', '--log-outputs', 'stderr', '--log-level', 'error'],
      ...(options.tls ? serverTls(options.tls) : []),
      // A single member has nobody to wait for: it is up in a tenth of a second instead of half a second.
      ...(size === 1 ? ['--heartbeat-interval', '10', '--election-timeout', '100'] : []),
      ...(options.flags ?? []),
    ];
  }
  async function kill(member: number, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = children[member];
    children[member] = undefined;
    if (!child || !isAlive(child)) return;
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), TERM_PATIENCE);
    await once(child, 'exit').finally(() => clearTimeout(late));
    watch();
  }
  async function isLeader(member: number): Promise<boolean> {
    const signal = AbortSignal.timeout(500);
    const answer = await fetch(`${clients[member] as string}/metrics`, { signal, ...(dispatcher && { dispatcher }) });
    return /^etcd_server_is_leader 1$/m.test(await answer.text());
  }
  /**
   * A linearizable read needs a leader. If it is refused because of a missing login, or because the gateway is off, /health does such a
   * read itself.
   */
  async function answers(member: number): Promise<boolean> {
    const answer = look(member, 2000).post('/v3/kv/range', { key: 'AA==', keys_only: true });
    const { status } = await answer.catch(() => ({ status: 0 }));
    if (status === 200 || status >= 500) return status === 200;
    const signal = AbortSignal.timeout(2000);
    const health = await fetch(`${clients[member] as string}/health`, { signal, ...(dispatcher && { dispatcher }) });
    return /"true"/.test(await health.text());
  }
  async function become(what: string, test: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + PATIENCE;
    while (!(await test().catch(() => false))) {
      const dead = running().find((member) => !isAlive(children[member] as ChildProcess));
      if (dead !== undefined) throw new Error(`etcd member ${dead} has ended: ${said[dead] ?? ''}`);
      if (Date.now() > end) throw new Error(`etcd cluster: never ${what}`);
      await pause(5);
    }
  }
  async function healthy(members = running()): Promise<void> {
    for (const member of members) await become(`healthy: member ${member}`, () => answers(member));
  }
  async function close(): Promise<void> {
    await Promise.all(all.map((member) => kill(member)));
    await guard.end();
  }

  const cluster: TestCluster = {
    endpoints: clients.map((url) => url.replace('http://', '')),
    get pids() {
      return children.map((child) => child?.pid);
    },
    kill,
    stop: (member) => void children[member]?.kill('SIGSTOP'),
    resume: (member) => void children[member]?.kill('SIGCONT'),
    start,
    async swap() {
      await kill(0);
      generation++;
      token = undefined;
      start(0);
      await healthy();
    },
    async backup() {
      const data = join(dir, `m0-${generation}`);
      const copy = join(dir, 'copy');
      /** Kills it, changes its files, and starts it. */
      const between = async (change: () => void): Promise<void> => {
        await kill(0);
        change();
        start(0);
        await healthy();
      };
      await between(() => cpSync(data, copy, { recursive: true }));
      return () =>
        between(() => {
          rmSync(data, { recursive: true });
          cpSync(copy, data, { recursive: true });
        });
    },
    async leader() {
      let found = -1;
      await become('with a leader', async () => {
        const leads = await Promise.all(running().map((member) => isLeader(member).catch(() => false)));
        found = running()[leads.indexOf(true)] ?? -1;
        return found >= 0;
      });
      return found;
    },
    healthy,
    listening: (member) =>
      become(`listening: member ${member}`, async () => {
        const { hostname, port } = new URL(clients[member] as string);
        const socket = connect(Number(port), hostname);
        await once(socket, 'connect').finally(() => socket.destroy());
        return true;
      }),
    inspect: (member = running()[0] ?? 0) => look(member, PATIENCE),
    async login(name, password) {
      token = undefined;
      const { body } = await look(running()[0] ?? 0, PATIENCE).post('/v3/auth/authenticate', { name, password });
      token = body['token'] as string;
    },
    logout() {
      token = undefined;
    },
    close,
  };
  const first = options.start ?? all;
  first.forEach(start);
  if (first.length * 2 > size) await healthy().catch((error: unknown) => close().then(() => Promise.reject(error as Error)));
  return cluster;
}

function isAlive({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

type Tls = NonNullable<ClusterOptions['tls']>;

function serverTls({ cert, key, clientCa }: Tls): string[] {
  const client = clientCa === undefined ? [] : ['--client-cert-auth', '--trusted-ca-file', clientCa];
  return ['--cert-file', cert, '--key-file', key, ...client];
}

function clientTls({ ca, clientCert, clientKey }: Tls): { ca: string; cert?: string; key?: string } {
  const pem = (file: string): string => readFileSync(file, 'utf8');
  return { ca: pem(ca), ...(clientCert && { cert: pem(clientCert) }), ...(clientKey && { key: pem(clientKey) }) };
}
