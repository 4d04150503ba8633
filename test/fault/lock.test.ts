/**
 * Two contenders for one lock, over faults at each step. Only one has it at a time, one who loses it is told first, and nobody waits for
 * ever.
 */
import { isEtcdError, type Lock } from '../../src/client/index.js';
import { it } from 'vitest';
import { tools } from '../harness/tools.js';
import {
  comes,
  ENDING,
  loseAnswer,
  NAME,
  openJudge,
  playAll,
  played,
  queued,
  queueOf,
  restart,
  type Contender,
  type Contest,
  type Had,
} from './contest.js';
import { row, type Ledger } from './ledger.js';
import { atAnswer, atRequest, EVENTS, LISTENING, NOWHERE, RENEWED, RENEWING, untilLost } from './moments.js';
import { bounds } from './trials.js';

/** Seconds: of a lock that must be lost, and of one that must outlast the fault. It is asked for again after a third of them. */
const [SHORT, LONG] = [2, 9];

interface Scene extends Contest {
  first: Contender;
  second: Contender;
  /** A violation if `ok` is false. */
  hold(ok: boolean, text: string): void;
  /** The fault has come. */
  hit(): void;
  take(contender: Contender, ttl?: number): Promise<Had<Lock>>;
}

type Way = (scene: Scene) => Promise<void>;

/** The first has it and the second waits. */
async function contended({ cluster, first, second, take }: Scene, ttl = LONG, waits = 60): Promise<[Had<Lock>, Promise<Had<Lock>>]> {
  const had = await comes('the first', take(first, ttl));
  const next = take(second, waits);
  // Its failure reaches whoever waits for it.
  next.catch(() => undefined);
  await queued(cluster, 2);
  return [had, next];
}

/** It is still held, and given back. Then the next one has it. */
async function handOver({ hold }: Scene, had: Had<Lock>, next: Promise<Had<Lock>>): Promise<void> {
  hold(!had.held.lost.aborted, `told to be lost, and it is not: ${String(had.held.lost.reason)}`);
  await comes('the release', had.giveBack());
  const taken = await comes('the second', next);
  await comes('the release by the second', taken.giveBack());
}

/** The answer to the first one's request is lost while it takes its place. */
const losesAnswer =
  (path: string): Way =>
  async (scene) => {
    const lost = atRequest(scene.first.relay, path, loseAnswer);
    const [had, next] = await contended(scene);
    await comes('the fault', lost);
    scene.hit();
    await handOver(scene, had, next);
  };

/** It is lost by the clock, and after that the second has it. */
async function passesOn({ hit }: Scene, had: Had<Lock>, next: Promise<Had<Lock>>, goOn: () => void): Promise<void> {
  await comes('the loss', untilLost(had.held));
  hit();
  goOn();
  const taken = await comes('the second', next);
  await comes('the release by the second', taken.giveBack());
}

async function isRefused({ hold }: Scene, next: Promise<Had<Lock>>): Promise<void> {
  const refused = await comes(
    'the refusal',
    next.then(() => undefined).catch((thrown: unknown) => thrown),
  );
  hold(isEtcdError(refused, 'lease_not_found'), `who has lost its place is told ${String(refused)}`);
}

const WAYS: Record<string, Way> = {
  'the answer to its lease is lost': losesAnswer('/v3/lease/grant'),
  'the answer to its place is lost': losesAnswer('/v3/kv/txn'),
  async 'what keeps it is cut off twice'(scene) {
    const [had, next] = await contended(scene);
    const { relay } = scene.first;
    for (let i = 0; i < 2; i++)
      await comes(
        'a renewal',
        atRequest(relay, RENEWING, (wire) => wire.cut()),
      );
    scene.hit();
    await comes('a renewal', Promise.race([atAnswer(relay, RENEWED, () => undefined), untilLost(had.held)]));
    await handOver(scene, had, next);
  },
  async 'the answer to its release is lost'(scene) {
    const [had, next] = await contended(scene);
    void atRequest(scene.first.relay, ENDING, loseAnswer).then(scene.hit);
    await handOver(scene, had, next);
  },
  async 'who waits is cut off as the release is told'(scene) {
    const listening = atAnswer(scene.second.relay, LISTENING, () => undefined);
    const [had, next] = await contended(scene);
    await comes('the watch of the second', listening);
    void atAnswer(scene.second.relay, EVENTS, (wire) => wire.cut()).then(scene.hit);
    await handOver(scene, had, next);
  },
  async 'it is given back before who waits is listening'(scene) {
    const had = await comes('the first', scene.take(scene.first, LONG));
    // Before its watch begins, a contender that waits asks how far etcd is. That is its first range.
    const given = atRequest(scene.second.relay, '/v3/kv/range', async () => had.giveBack());
    const taken = await comes('the second', scene.take(scene.second));
    await comes('the release', given);
    scene.hit();
    await comes('the release by the second', taken.giveBack());
  },
  async 'the member is killed'(scene) {
    const [had, next] = await contended(scene);
    await restart(scene.cluster);
    scene.hit();
    await handOver(scene, had, next);
  },
  async 'its holder is cut off'(scene) {
    const [had, next] = await contended(scene, SHORT);
    scene.first.relay.lead(NOWHERE);
    await passesOn(scene, had, next, () => undefined);
  },
  async 'an answer came late, and then its holder is cut off'(scene) {
    const [had, next] = await contended(scene, SHORT);
    // Its time counts from the question, and not from the answer.
    const late = atAnswer(scene.first.relay, RENEWED, async () => new Promise((resolve) => setTimeout(resolve, 800)));
    await comes('a renewal', Promise.race([late, untilLost(had.held)]));
    scene.first.relay.lead(NOWHERE);
    await passesOn(scene, had, next, () => undefined);
  },
  async 'the member is stopped for longer than it lasts'(scene) {
    const { cluster } = scene;
    const [had, next] = await contended(scene, SHORT);
    cluster.stop(0);
    await passesOn(scene, had, next, () => cluster.resume(0));
  },
  // Nobody can know of that before, so nobody else waits for it yet.
  async 'somebody else ends its lease'({ cluster, first, second, take, hit }) {
    const had = await comes('the first', take(first, LONG));
    await cluster.inspect().post(ENDING, { ID: had.held.lease });
    hit();
    await comes('the loss', untilLost(had.held));
    const taken = await comes('the second', take(second));
    await comes('the release by the second', taken.giveBack());
  },
  async 'somebody else ends the lease of who waits'(scene) {
    const { cluster, second, take, hit } = scene;
    const [had, next] = await contended(scene, LONG, LONG);
    const place = (await queueOf(cluster)).at(-1);
    await cluster.inspect().post(ENDING, { ID: place?.lease });
    hit();
    await isRefused(scene, next);
    const again = take(second);
    await queued(cluster, 2);
    await handOver(scene, had, again);
  },
  async 'somebody deletes the place of who waits'(scene) {
    const { cluster } = scene;
    const [had, next] = await contended(scene);
    await cluster.inspect().delete((await queueOf(cluster)).at(-1)?.key as string);
    scene.hit();
    await comes('the release', had.giveBack());
    await isRefused(scene, next);
  },
};

async function play(ledger: Ledger, what: string, way: Way, contest: Contest): Promise<void> {
  const [first, second] = contest.contenders as [Contender, Contender];
  const judge = openJudge<Lock>(ledger, what);
  const take: Scene['take'] = async ({ client }, ttl = 60) => judge(client.lock(NAME, { ttl }));
  const hit = (): void => ledger.hit();
  const hold: Scene['hold'] = (ok, text) => ledger.hold(ok, `${what}: ${text}`);
  await played(ledger, what, async () => {
    await way({ ...contest, first, second, hold, take, hit });
    const left = await queueOf(contest.cluster);
    hold(left.length === 0, `in the queue is left ${left.map(({ key }) => key).join()}`);
  });
}

/**
 * Mutants:
 * - `[performance.now(), granted]` in refresh() of src/client/keep-alive.ts: the second has it before the first is told.
 * - `CERTAIN = 3` there: the same, without an answer that is late.
 * - `if (!found)` left out of turnOf() in src/client/queue.ts: two have it at once.
 * - `from` left out of goneFrom() there: a contender that waits is not told of a release that came first, and hangs.
 * - `own` not looked at in turnOf(): a contender that has lost its place takes the lock without one.
 * - revoke() left out of release() in src/client/lock.ts: what was given back stays in the queue.
 */
it.each(tools.etcds)('lock-held ($name): one at a time has a lock, and who loses it is told first', bounds, async ({ name, command }) => {
  await row('lock-held', name, async (ledger) => playAll(ledger, command, 2, WAYS, play));
});
