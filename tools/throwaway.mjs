// A throwaway etcd: one member on free loopback ports, whose process and data go when we stop it, and in whatever way we die.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Runs "$@" until its own stdin ends, which the kernel sees to however the parent dies. Then the folder $0 goes, as it does when
 * "$@" leaves by itself. It says nothing: who would read it may be dead, and it would die of that before it has cleaned up.
 */
const GUARD = `exec 3<&0
"$@" </dev/null & etcd=$!
exec 2>/dev/null
{ read -r _ <&3; kill -9 $etcd; } & guard=$!
wait $etcd; kill $guard; rm -rf "$0"`;

/** ms that etcd has for its first answer. */
const START_DEADLINE = 30_000;

/**
 * Starts an etcd.
 * @param {string} command an etcd binary
 * @returns {Promise<{ endpoint: string, stop: () => Promise<void> }>} `endpoint` is `127.0.0.1:port`; after `stop` nothing is left
 * @throws Error with etcd's own last word
 */
export async function startThrowaway(command) {
  for (let tries = 1; ; tries++) {
    const server = await launch(command);
    if (await isUp(server)) return { endpoint: server.endpoint, stop: server.stop };
    await server.stop();
    const said = server.said();
    // Between our choice of a port and etcd's use of it, someone else may take it.
    if (tries === 5 || !said.includes('address already in use')) {
      throw new Error(`${command} does not start: ${said.trim().split('\n').at(-1) || 'it says nothing'}`);
    }
  }
}

async function launch(command) {
  const dir = await mkdtemp(join(tmpdir(), 'etcd-vim-throwaway-'));
  const [endpoint, peer] = (await freePorts(2)).map((port) => `127.0.0.1:${port}`);
  const name = basename(dir);
  const flags = [
    ...['--name', name, '--data-dir', join(dir, 'data'), '--logger', 'zap', '--log-level', 'warn', '--log-outputs', 'stderr'],
    ...['--listen-client-urls', `http://${endpoint}`, '--advertise-client-urls', `http://${endpoint}`],
    ...['--listen-peer-urls', `http://${peer}`, '--initial-advertise-peer-urls', `http://${peer}`],
    // A lone member has nobody to wait for: it is up in a tenth of a second instead of a whole one.
    ...['--initial-cluster', `${name}=http://${peer}`, '--heartbeat-interval', '10', '--election-timeout', '100'],
  ];
  // A session of its own: what the terminal sends (Ctrl-C, Ctrl-Z) is not for etcd. The user's ETCD_* are not either.
  const { PATH, ETCD_UNSUPPORTED_ARCH = process.arch } = process.env;
  const guard = spawn('sh', ['-c', GUARD, dir, command, ...flags], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { PATH, ETCD_UNSUPPORTED_ARCH },
  });
  let said = '';
  guard.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)));
  const gone = once(guard, 'close');
  return {
    name,
    endpoint,
    said: () => said,
    runs: () => guard.exitCode === null,
    async stop() {
      guard.stdin.on('error', () => {}).end();
      await gone;
    },
  };
}

/** Whether it comes up; asks for its name too, so that another etcd on that port is not taken for ours. */
async function isUp({ name, endpoint, runs }) {
  const end = Date.now() + START_DEADLINE;
  while (runs() && Date.now() < end) {
    const answer = await fetch(`http://${endpoint}/v3/cluster/member/list`, {
      method: 'POST',
      body: '{}',
      signal: AbortSignal.timeout(2000),
    })
      .then((response) => response.json())
      .catch(() => undefined);
    if (answer?.members?.[0]?.name === name) return true;
    await pause(20);
  }
  return false;
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
