/** Elections over faults: one leads at a time and hears of its end first, the next in line follows, and an observer sees each once. */
import { setTimeout as pause } from 'node:timers/promises';
import { it } from 'vitest';
import type { Election, Leadership } from '../../src/client/index.js';
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
  restart,
  type Contender,
  type Contest,
  type Had,
} from './contest.js';
import { row, type Ledger } from './ledger.js';
import { atAnswer, atRequest, EVENTS, NOWHERE, untilLost } from './moments.js';
import { bounds } from './trials.js';

/** Seconds of the lease: of one who must lose it, and of one who must outlast the fault. */
const [SHORT, LONG] = [2, 9];

interface Scene extends Contest {
  leader: Contender;
  /** The one who observes. */
  observer: Contender;
  had: Had<Leadership>;
  hit(): void;
  hold(ok: boolean, text: string): void;
}

interface Way {
  /** The TTL of the one who leads first; LONG by default. */
  ttl?: number;
  /** @returns when the first one no longer leads */
  fault(scene: Scene): Promise<void>;
}

async function lost({ had }: Scene): Promise<void> {
  await comes('the loss', untilLost(had.held));
}

/** It still leads, and gives way. */
async function resign({ had, hold }: Scene): Promise<void> {
  hold(!had.held.lost.aborted, `told to be lost, and it is not: ${String(had.held.lost.reason)}`);
  await comes('the end', had.giveBack());
}

const WAYS: Record<string, Way> = {
  'the answer to its end is lost': {
    async fault(scene) {
      void atRequest(scene.leader.relay, ENDING, loseAnswer).then(scene.hit);
      await resign(scene);
    },
  },
  'the member is killed': {
    async fault(scene) {
      await restart(scene.cluster);
      scene.hit();
      await resign(scene);
    },
  },
  'who looks on is cut off as the change is told': {
    async fault(scene) {
      void atAnswer(scene.observer.relay, EVENTS, (wire) => wire.cut()).then(scene.hit);
      await resign(scene);
    },
  },
  'who looks on is cut off as it asks who leads': {
    async fault(scene) {
      const { cluster, observer } = scene;
      void atRequest(observer.relay, '/v3/kv/range', () => observer.relay.lead(NOWHERE))
        .then(scene.hit)
        .then(async () => pause(500))
        .then(() => observer.relay.lead(cluster.endpoints[0] as string));
      await resign(scene);
    },
  },
  'who looks on is told of the last change again': {
    async fault(scene) {
      void atAnswer(scene.observer.relay, EVENTS, (wire, piece) => wire.end(piece)).then(scene.hit);
      await resign(scene);
    },
  },
  'the leader is cut off': {
    ttl: SHORT,
    async fault(scene) {
      scene.leader.relay.lead(NOWHERE);
      await lost(scene);
      scene.hit();
    },
  },
  'the member is stopped for longer than it lasts': {
    ttl: SHORT,
    async fault(scene) {
      scene.cluster.stop(0);
      await lost(scene);
      scene.hit();
      scene.cluster.resume(0);
    },
  },
};

interface Observer {
  seen: string[];
  /** Waits until it has seen that one lead. */
  sees(key: string): Promise<void>;
  end(): Promise<void>;
}

/** Notes each leader that is told, by its key. */
function observe(election: Election): Observer {
  const stop = new AbortController();
  const seen: string[] = [];
  let failed: unknown;
  const listen = async (): Promise<void> => {
    for await (const kv of election.observe({ signal: stop.signal })) if (kv) seen.push(kv.key);
  };
  const over = listen().catch((thrown: unknown) => (failed = thrown));
  return {
    seen,
    async sees(key) {
      const wait = async (): Promise<void> => {
        while (seen.at(-1) !== key) {
          if (failed !== undefined) throw failed as Error;
          await pause(2, undefined, { signal: stop.signal });
        }
      };
      await comes(`the sight of ${key}`, wait());
    },
    async end() {
      stop.abort();
      await over;
    },
  };
}

/** One leads, and two wait. The fault comes, and then each of them leads in its turn. */
async function play(ledger: Ledger, what: string, { ttl = LONG, fault }: Way, contest: Contest): Promise<void> {
  const [leader, second, third, observer] = contest.contenders as [Contender, Contender, Contender, Contender];
  const judge = openJudge<Leadership>(ledger, what);
  const campaign = async ({ client }: Contender, seconds: number): Promise<Had<Leadership>> =>
    judge(client.election(NAME).campaign(Buffer.from(what), { ttl: seconds }));
  const [hit, hold]: [Scene['hit'], Scene['hold']] = [() => ledger.hit(), (ok, text) => ledger.hold(ok, `${what}: ${text}`)];
  const onlooker = observe(observer.client.election(NAME));
  await played(ledger, what, async () => {
    const had = await comes('the first', campaign(leader, ttl));
    const next: Promise<Had<Leadership>>[] = [];
    for (const [at, contender] of [second, third].entries()) {
      next.push(campaign(contender, 60));
      next.at(-1)?.catch(() => undefined);
      await queued(contest.cluster, at + 2);
    }
    await onlooker.sees(had.held.key);
    await fault({ ...contest, leader, observer, had, hit, hold });
    const keys = [had.held.key];
    for (const [at, one] of next.entries()) {
      const elected = await comes(`number ${at + 2}`, one);
      keys.push(elected.held.key);
      await onlooker.sees(elected.held.key);
      await comes('the end', elected.giveBack());
    }
    hold(onlooker.seen.join() === keys.join(), `who looks on has seen ${onlooker.seen.join()}, and ${keys.join()} have led`);
  });
  await onlooker.end();
}

/**
 * Mutants, in src/client:
 * - `CERTAIN = 3` in keep-alive.ts: the next one leads before the first is told.
 * - `maxCreateRevision` left out of turnOf() in queue.ts: each waits for whoever came last, and so for ever for itself.
 * - `now?.key !== last?.key || …` left out of observe() in election.ts: the observer sees a leader again.
 * - `only: 'oldest'` of holderOf() in queue.ts as 'newest': it sees the last in line lead.
 */
it.each(tools.etcds)('election-led ($name): one leads at a time, in order, and is seen once', bounds, async ({ name, command }) => {
  await row('election-led', name, async (ledger) => playAll(ledger, command, 4, WAYS, play));
});
