// A small, realistic tree of keys, for `npm start`, the tests and the picture.

const CONFIG = {
  service: 'orders',
  listen: '0.0.0.0:8080',
  log: { level: 'info', format: 'json' },
  limits: { requests_per_second: 200, body_bytes: 1048576 },
};

const POOL = `# connections to the primary
min: 2
max: 20
idle_timeout: 30s
retry:
  attempts: 3
  backoff: 250ms
`;

const DEPLOY = `#!/bin/sh
# Rolls out one release, host by host.
set -eu

release=\${1:?usage: deploy.sh RELEASE}

for host in app-1 app-2 app-3; do
  echo "$host: $release"
  ssh "$host" "docker pull images.internal/orders:$release"
  ssh "$host" "systemctl restart orders@$release"
  until curl -fsS "http://$host:8080/health" >/dev/null; do
    sleep 1
  done
done
`;

const FLAGS = `[checkout]
express = true
gift_cards = false

[search]
suggestions = true
rollout = 0.25
`;

/** @param {object} value */
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
/** @param {1 | 2 | 3} n */
const api = (n) => json({ address: `10.0.4.1${n}:8080`, zone: `eu-west-1${'abc'[n - 1]}`, version: '2.14.0', weight: 100 });

/**
 * In the order in which they are put, and each put is a revision. Some are put twice, so that they have a past.
 * @type {[string, string][]}
 */
const SAMPLE = [
  ['/app/config.json', json({ ...CONFIG, log: { level: 'debug', format: 'text' } })],
  ['/app/name', 'orders'],
  ['/app/db', 'postgres'],
  ['/app/db/host', 'db-1.internal'],
  ['/app/db/port', '5432'],
  ['/app/db/pool.yaml', POOL],
  ['/app/deploy.sh', DEPLOY],
  ['/app/feature/flags.toml', FLAGS],
  ['/app/routes/', 'GET /orders\nGET /orders/{id}\nPOST /orders\n'],
  ['/services/api/1', api(1)],
  ['/services/api/2', api(2)],
  ['/services/api/3', api(3)],
  ['by-dev/meta/session', json({ host: 'laptop', since: '2025-01-15T09:30:00Z' })],
  ['/app/config.json', json(CONFIG)],
  ['/app/db/host', 'db-2.internal'],
];

const LEADER = { key: '/app/locks/leader', value: 'app-2', ttl: 3600 };

/**
 * Puts the sample into an etcd, over whatever is there.
 * @param {Pick<import('../test/harness/inspector.js').Inspector, 'put' | 'grantLease'>} etcd
 */
export async function putSample(etcd) {
  for (const [key, value] of SAMPLE) await etcd.put(key, value);
  await etcd.put(LEADER.key, LEADER.value, await etcd.grantLease(LEADER.ttl));
}
