/** Watches whose token ends, and whose right to watch comes or goes. */
import { it } from 'vitest';
import { openSecret, type ErrorCode } from '../../src/client/index.js';
import { openChronicle } from '../harness/chronicle.js';
import type { TestCluster } from '../harness/cluster.js';
import { tools } from '../harness/tools.js';
import { ALICE, changePassword, enableAuth, ROOT } from '../harness/users.js';
import { compare, judge, RANGE } from './follower.js';
import { row, type Ledger } from './ledger.js';
import { atAnswer, atRequest, EVENTS } from './moments.js';
import { caughtUp, here, stage, type Scene } from './scene.js';
import { bounds } from './trials.js';

interface Case {
  /** Whether auth is on from the start. */
  on?: boolean;
  /** Whether the follower has no user. */
  nobody?: boolean;
  change(scene: Scene): Promise<unknown>;
  /** What it must end with. Without it, it must go on. */
  ends?: ErrorCode;
}

async function switchOn(cluster: TestCluster): Promise<void> {
  await enableAuth(cluster.inspect(), [{ type: 'READ', ...RANGE }]);
  await cluster.login(ROOT.user, ROOT.password);
}

async function switchOff(cluster: TestCluster): Promise<void> {
  await cluster.inspect().post('/v3/auth/disable', {});
  cluster.logout();
}

const cut = async ({ relay }: Scene): Promise<void> => atAnswer(relay, EVENTS, (wire) => wire.cut());

const CASES: Record<string, Case> = {
  'its token is gone': {
    on: true,
    async change({ cluster }) {
      // Tokens are in the member's memory.
      await cluster.kill(0);
      cluster.start(0);
      await cluster.healthy();
      await cluster.login(ROOT.user, ROOT.password);
    },
  },
  'its token ends when it has asked how far etcd is': {
    on: true,
    async change(scene) {
      await cut(scene);
      // Setting a password, even to the same one, ends every token.
      await atRequest(scene.relay, '/v3/watch', async () => changePassword(scene.cluster.inspect(), ALICE.user, ALICE.password));
    },
  },
  'auth is switched on, and it has a user': { change: async (scene) => switchOn(scene.cluster).then(async () => cut(scene)) },
  'auth is switched on, and it has none': {
    nobody: true,
    change: async (scene) => switchOn(scene.cluster).then(async () => cut(scene)),
    ends: 'unauthenticated',
  },
  'auth is switched off': {
    on: true,
    change: async (scene) => switchOff(scene.cluster).then(async () => cut(scene)),
  },
  'its role is taken away': {
    on: true,
    change: async (scene) =>
      scene.cluster
        .inspect()
        .post('/v3/auth/user/revoke', { name: ALICE.user, role: 'app' })
        .then(async () => cut(scene)),
    ends: 'permission_denied',
  },
  'its password is changed': {
    on: true,
    change: async (scene) => changePassword(scene.cluster.inspect(), ALICE.user, 'another').then(async () => cut(scene)),
    ends: 'unauthenticated',
  },
};

async function play(ledger: Ledger, scene: Scene, what: string, { change, ends }: Case): Promise<void> {
  const { cluster, churn, follower } = scene;
  churn.start();
  await change(scene);
  if (ends === undefined) ledger.tried((await caughtUp(ledger, scene, what)).ms);
  else {
    ledger.hold(await follower.ends(), `${what}: it does not end`);
    ledger.tried();
  }
  ledger.hold(follower.error?.code === ends, `${what}: told ${follower.error?.code}: ${follower.error?.message}`);
  await churn.stop();
  if (ends === undefined) await caughtUp(ledger, scene, what);
  if (follower.breaks > 0) ledger.hit();
  ledger.hold(follower.gaps.length === 0, `${what}: changes are said to be missed`);
  await follower.end();
  await switchOff(cluster);
  const chronicle = await openChronicle(`http://${here(cluster)}`, cluster.inspect());
  const past = await chronicle.told().finally(chronicle.close);
  const last = BigInt(follower.told.at(-1)?.revision ?? '0');
  judge(ledger, follower, ends === undefined ? past : past.filter(({ revision }) => BigInt(revision) <= last));
  if (ends === undefined) await compare(ledger, follower, cluster.inspect());
}

/** Mutant: isExpiry() of src/client/auth.ts answering false: a watch ends with the token that it had. */
it.each(tools.etcds)('watch-auth ($name): it goes on by a new token, or says that it may not', bounds, async ({ name, command }) => {
  const credentials = { user: ALICE.user, password: openSecret({ what: 'password', given: ALICE.password }) };
  const cases = Object.entries(CASES);
  await row('watch-auth', name, async (ledger) => {
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const [what, it] = cases[trial % cases.length] as (typeof cases)[number];
      await stage(command, async (scene) => play(ledger, scene, what, it), {
        flags: ['--bcrypt-cost', '4'],
        ...(!it.nobody && { credentials }),
        ...(it.on && { prepare: switchOn }),
      });
    }
  });
});
