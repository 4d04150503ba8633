/** Plans and undos: raced by another client, cut off from etcd, and between two clusters. */
import { expect, it } from 'vitest';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';
import { startRelay, type Relay, type Wire } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { openHost, type Host } from './host.js';
import { row, type Ledger } from './ledger.js';
import { FEW, inspect, LARGE, meddle, plant, SMALL, txnsOf } from './tree.js';
import { bounds } from './trials.js';
import { written } from '../harness/settings.js';

type Reply = Awaited<ReturnType<Host['ask']>>;

async function apply(host: Host, made: Reply): Promise<Reply> {
  return made.err ? made : host.ask('apply', { plan: made.ok?.['plan'] }, undefined, 3000);
}

const move = async (host: Host, root: string, to = ''): Promise<Reply> =>
  host.ask('rename', { names: [{ name: `etcd://${root}from/` }], to: `etcd://${to}${root}to/` });

const isWhole = ({ ok }: Reply): boolean => (ok?.['done'] as string[] | undefined)?.length === 0;

/**
 * Mutant: deleteRange() of src/keyspace/write/plan-txn.ts without its compare: what another client has changed in the old place is deleted
 * with it.
 */
it.each(tools.etcds)('plan-race ($name): another client changes the same keys, and nothing is lost', bounds, async ({ name, command }) => {
  const etcd = await startEtcd(command, FEW);
  const relay = await startRelay(etcd.endpoint);
  const host = await openHost({ endpoints: [relay.endpoint] });
  await row('plan-race', name, async (ledger) => {
    // A rival that deletes what is copied already does no harm.
    ledger.promise({ hits: (all) => all / 2 });
    const steps = await stepsOfLarge(etcd, relay, host);
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const tree = await plant(etcd, `/race/${trial}/`, sizeOf(trial));
      const made = await move(host, tree.root);
      ledger.hold(made.err === undefined, `${tree.root}: ${made.err?.message}`);
      // The rival is one request faster: etcd has its change before the plan's own request comes.
      atTxn(relay, stepOf(trial, steps), async () => {
        await meddle(etcd, tree, 'from');
        if (trial % 4 > 1) await meddle(etcd, tree);
      });
      const reply = await apply(host, made);
      if (!isWhole(reply)) ledger.hit();
      const there = await inspect(ledger, tree, etcd);
      // A plan that was told to have failed as a whole has put nothing.
      ledger.hold(reply.err === undefined || there === 0, `${tree.root}: ${reply.err?.message}, but ${there} keys are moved`);
      ledger.tried();
    }
  }).finally(async () => {
    host.close();
    relay.close();
    await etcd.stop();
  });
});

/** The first one teaches the host what this server takes. The second one is counted. */
async function stepsOfLarge(etcd: TestEtcd, relay: Relay, host: Host): Promise<number> {
  let steps = 0;
  for (const root of ['/taught/', '/counted/']) {
    await plant(etcd, root, LARGE);
    const made = await move(host, root);
    steps = await txnsOf(relay, async () => apply(host, made));
  }
  expect(steps, 'txns of a large plan').toBeGreaterThan(3);
  return steps;
}

const sizeOf = (trial: number): number => (trial % 2 === 0 ? LARGE : SMALL);

/** Each step of a large plan in turn, from the middle on. */
const stepOf = (trial: number, steps: number): number => (sizeOf(trial) === LARGE ? Math.floor(trial / 2 + steps / 2) % steps : 0);

/** Makes `fault` come just before the step number `step` of a plan passes. */
function atTxn(relay: Relay, step: number, fault: (wire: Wire) => void | Promise<void>): void {
  let seen = 0;
  relay.onRequest = (piece, wire) => {
    if (!piece.includes('/v3/kv/txn') || seen++ !== step) return undefined;
    relay.onRequest = undefined;
    return fault(wire);
  };
}

/** Mutant: inOrder() of src/keyspace/plan/order.ts with its deletes before its puts. */
it.each(tools.etcds)('plan-cut ($name): the connection is cut at any request', bounds, async ({ name, command }) => {
  const etcd = await startEtcd(command, FEW);
  const relay = await startRelay(etcd.endpoint);
  const host = await openHost({ endpoints: [relay.endpoint] });
  await row('plan-cut', name, async (ledger) => {
    const steps = await stepsOfLarge(etcd, relay, host);
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const tree = await plant(etcd, `/cut/${trial}/`, sizeOf(trial));
      const made = await move(host, tree.root);
      ledger.hold(made.err === undefined, `${tree.root}: ${made.err?.message}`);
      const cuts = cutTxn(relay, stepOf(trial, steps), wayOf(trial, steps));
      const reply = await apply(host, made);
      relay.onRequest = undefined;
      relay.lead(etcd.endpoint);
      if (cuts.count > 0) ledger.hit();
      const there = await inspect(ledger, tree, etcd);
      if (isWhole(reply)) ledger.hold(there === tree.names.length, `${tree.root}: told to be done, and ${there} are there`);
      const isSure = reply.err !== undefined && reply.err.code !== 'outcome_unknown';
      ledger.hold(!isSure || there === 0, `${tree.root}: ${reply.err?.code}, and ${there} are there`);
      ledger.tried();
    }
  }).finally(async () => {
    host.close();
    relay.close();
    await etcd.stop();
  });
});

/** Each step of a large plan is first cut off for good, and what is lost then is lost. */
const wayOf = (trial: number, steps: number): number =>
  sizeOf(trial) === LARGE ? Math.floor(trial / 2 / steps) : Math.floor(Math.random() * 3);

/** Cuts a step off: for good before etcd has got it, or when etcd has answered, or at any time in between. */
function cutTxn(relay: Relay, step: number, way: number): { count: number } {
  const cuts = { count: 0 };
  const ways = [
    () => relay.lead('127.0.0.1:1'),
    (wire: Wire) => {
      wire.silence();
      void wire.answered.then(() => wire.cut());
    },
    (wire: Wire) => void setTimeout(() => wire.cut(), Math.random() * 4),
  ];
  atTxn(relay, step, (wire) => {
    cuts.count++;
    ways[way % ways.length]?.(wire);
  });
  return cuts;
}

/** Mutant: `!now.isOurs` left out of stepOf() in src/keyspace/plan/undo.ts: an undo goes over what came after it. */
it.each(tools.etcds)('undo-race ($name): an undo leaves alone what others have changed since', bounds, async ({ name, command }) => {
  const etcd = await startEtcd(command);
  const host = await openHost({ endpoints: [etcd.endpoint] });
  await row('undo-race', name, async (ledger) => {
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const tree = await plant(etcd, `/undo/${trial}/`, 20);
      const done = await apply(host, await move(host, tree.root));
      ledger.hold(isWhole(done), `${tree.root}: ${done.err?.message}`);
      await meddle(etcd, tree, 'from');
      await meddle(etcd, tree, 'to');
      ledger.hit();
      await undo(host, ledger, tree.root);
      await inspect(ledger, tree, etcd);
      ledger.tried();
    }
  }).finally(async () => {
    host.close();
    await etcd.stop();
  });
});

async function undo(host: Host, ledger: Ledger, root: string): Promise<void> {
  const reply = await apply(host, await host.ask('undo', {}));
  ledger.hold(isWhole(reply), `${root}: not taken back: ${reply.err?.message ?? JSON.stringify(reply.ok)}`);
}

/** Keys that one txn cannot hold without their sources, and the steps that put them. */
const [MANY, CROSSING] = [130, 9];

/** Mutant: applyParts() of src/host/plans.ts goes on after a part that has failed: the old keys go, and the new ones are not there. */
it.each(tools.etcds)('cross-cluster ($name): a move between two clusters never half-loses a key', bounds, async ({ name, command }) => {
  const [here, there] = [await startEtcd(command, FEW), await startEtcd(command, FEW)];
  const relay = await startRelay(there.endpoint);
  const host = await openHost({ endpoints: [here.endpoint] });
  await host.ask('configure', written({ '': { endpoints: [here.endpoint] }, other: { endpoints: [relay.endpoint] } }));
  await row('cross-cluster', name, async (ledger) => {
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const tree = await plant(here, `/cross/${trial}/`, MANY);
      const made = await move(host, tree.root, 'other');
      ledger.hold(made.err === undefined, `${tree.root}: ${made.err?.message}`);
      const cuts = cutTxn(relay, trial % CROSSING, trial);
      const rival = trial % 2 === 0 ? meddle(here, tree, 'from') : Promise.resolve();
      const [reply] = await Promise.all([apply(host, made), rival]);
      relay.onRequest = undefined;
      relay.lead(there.endpoint);
      if (cuts.count > 0) ledger.hit();
      const arrived = await inspect(ledger, tree, here, there);
      if (isWhole(reply)) ledger.hold(arrived === tree.names.length, `${tree.root}: told to be done, and ${arrived} are there`);
      ledger.tried();
    }
  }).finally(async () => {
    host.close();
    relay.close();
    await Promise.all([here.stop(), there.stop()]);
  });
});
