/** Two editors beside a writer, over connections and members that break. They show what etcd holds. */
import { setTimeout as pause } from 'node:timers/promises';
import { it } from 'vitest';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { startEditor, type Editor } from '../harness/editor.js';
import { startRelay, type Relay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { ALICE, changePassword, enableAuth, ROOT } from '../harness/users.js';
import { startChurn, type Churn } from './churn.js';
import { RANGE } from './follower.js';
import { row, type Ledger } from './ledger.js';
import { atAnswer, EVENTS, NOWHERE } from './moments.js';
import { bounds } from './trials.js';

interface Scene {
  cluster: TestCluster;
  relay: Relay;
  churn: Churn;
  editors: Editor[];
}

/** The keys that the writer changes. Besides these, there is one into which somebody has typed without writing it. */
const VALUES = Array.from({ length: 7 }, (_, i) => `/w/${i}`);
const [MARK, TYPED] = ['/w/mark', '/w/typed'];
/** ms until an editor must show everything that has happened. */
const PATIENCE = 20_000;

const here = ({ cluster }: Scene): string => cluster.endpoints[0] as string;
const cut = async ({ relay }: Scene): Promise<void> => atAnswer(relay, EVENTS, (wire) => wire.cut());

async function switchOn({ cluster }: Scene): Promise<void> {
  await cluster.inspect().post('/v3/auth/enable', {});
  await cluster.login(ROOT.user, ROOT.password);
}

async function switchOff({ cluster }: Scene): Promise<void> {
  await cluster.inspect().post('/v3/auth/disable', {});
  cluster.logout();
}

const FAULTS: Record<string, (scene: Scene) => Promise<void>> = {
  'the connection is cut': cut,
  async 'the member is killed'({ cluster, relay }) {
    await atAnswer(relay, EVENTS, () => cluster.kill(0));
    cluster.start(0);
    await cluster.healthy();
  },
  async 'what it has missed is compacted'(scene) {
    const { cluster, relay, churn } = scene;
    await atAnswer(relay, EVENTS, () => relay.lead(NOWHERE));
    await churn.more(5);
    const revision = await cluster.inspect().put(MARK, 'compacted');
    await cluster.inspect().post('/v3/kv/compaction', { revision, physical: true });
    relay.lead(here(scene));
  },
  async 'auth is switched on'(scene) {
    await switchOn(scene);
    await cut(scene);
  },
  async 'its token ends'(scene) {
    await switchOn(scene);
    await cut(scene);
    // Setting a password, even to the same one, ends every token.
    await changePassword(scene.cluster.inspect(), ALICE.user, ALICE.password);
    await cut(scene);
  },
};

/** What an editor shows: names of the listing, text by key, and what was typed, as one text. */
const shown = (editor: Editor) =>
  editor.eval<string>(
    `json_encode([getbufline('etcd://${RANGE.key}', 1, '$'), map(${JSON.stringify([...VALUES, MARK])}, 'getbufline("etcd://" . v:val, 1, "$")'), ` +
      `getbufline('etcd://${TYPED}', 1, '$'), getbufvar('etcd://${TYPED}', '&modified')])`,
  );

/** What it has to show. If a key does not exist, the old text stays, whatever it was. */
async function held({ cluster }: Scene, typed: readonly string[]) {
  const keys = [...VALUES, MARK];
  const found = await Promise.all(keys.map(async (key) => (await cluster.inspect().get(key))?.value.toString()));
  const names = keys.filter((_, i) => found[i] !== undefined).map((key) => key.slice(RANGE.key.length));
  return (text: string): boolean => {
    const [listed, values, own, modified] = JSON.parse(text) as [string[], string[][], string[], number];
    const isValue = (lines: string[], i: number): boolean => found[i] === undefined || lines.join('\n') === found[i];
    return listed.join() === [...names, 'typed'].join() && values.every(isValue) && own.join() === typed.join() && modified === 1;
  };
}

async function caughtUp(ledger: Ledger, scene: Scene, what: string, typed: readonly string[]): Promise<number> {
  const began = performance.now();
  const isHeld = await held(scene, typed);
  for (const editor of scene.editors) {
    let text = await shown(editor);
    while (!isHeld(text) && performance.now() - began < PATIENCE) {
      await pause(5);
      text = await shown(editor);
    }
    ledger.hold(isHeld(text), `${what}: ${editor.name} shows ${text}`);
  }
  return performance.now() - began;
}

async function openEditors({ relay }: Pick<Scene, 'relay'>): Promise<Editor[]> {
  const pair = [tools.editors.findLast(({ kind }) => kind === 'nvim'), tools.editors.findLast(({ kind }) => kind === 'vim')];
  const env = { ETCDCTL_USER: ALICE.user, ETCDCTL_PASSWORD: ALICE.password };
  const options = { endpoints: [relay.endpoint], env, rc: ['set autoread'] };
  const editors = await Promise.all(pair.flatMap((tool) => (tool ? [startEditor(tool, options)] : [])));
  for (const editor of editors) {
    for (const key of [...VALUES, MARK, TYPED]) await editor.ex(`edit etcd:${key}`);
    await editor.ex(`call setline(1, 'mine') | split etcd:${RANGE.key} | wincmd p`);
  }
  return editors;
}

async function stage(command: string, play: (scene: Scene) => Promise<void>): Promise<void> {
  const cluster = await startCluster({ command, flags: ['--bcrypt-cost', '4'] });
  const relay = await startRelay(cluster.endpoints[0] as string);
  const churn = startChurn(() => cluster.inspect(0));
  let editors: Editor[] = [];
  try {
    for (const key of [...VALUES, MARK, TYPED]) await cluster.inspect().put(key, 'first');
    await enableAuth(cluster.inspect(), [{ type: 'READ', ...RANGE }]);
    await cluster.login(ROOT.user, ROOT.password);
    await switchOff({ cluster, relay, churn, editors });
    editors = await openEditors({ relay });
    await play({ cluster, relay, churn, editors });
  } finally {
    await churn.stop();
    await Promise.all(editors.map(async (editor) => editor.close()));
    relay.close();
    await cluster.close();
  }
}

/** Types a line in each editor, which stays in Insert mode. */
async function typeInto({ editors }: Scene, line: string): Promise<void> {
  for (const editor of editors) {
    await editor.type(`Go${line}`);
    await editor.until(`mode() ==# 'i' && getline('$') ==# '${line}'`);
  }
}

/**
 * Mutants: the resync after `message.compacted` left out of hear() in src/client/watch.ts: what is compacted is never shown.
 * s:done() left out of s:settle() in autoload/etcd/live/hear.vim: an editor follows each of its buffers once, and not again.
 * `if etcd#ui#idle#busy()` of autoload/etcd/live/idle.vim as `if 0`: lines come and go while one types.
 */
it.each(tools.etcds)(
  'live-editors ($name): at the end they show what etcd holds, and what was typed',
  bounds,
  async ({ name, command }) => {
    const faults = Object.entries(FAULTS);
    await row('live-editors', name, async (ledger) => {
      await stage(command, async (scene) => {
        const { churn, cluster, editors } = scene;
        const typed = ['mine'];
        for (let trial = 0; trial < ledger.wanted; trial++) {
          const [what, fault] = faults[trial % faults.length] as (typeof faults)[number];
          churn.start();
          await typeInto(scene, `line ${trial}`);
          typed.push(`line ${trial}`);
          const before = await Promise.all(editors.map(shown));
          await fault(scene);
          ledger.hit();
          // Nothing moves while somebody types, whatever comes.
          await cluster.inspect().put(TYPED, `theirs ${trial}`);
          const after = await Promise.all(editors.map(shown));
          ledger.hold(after.join() === before.join(), `${what}: shown while one types: ${after.join()}, before: ${before.join()}`);
          await churn.stop();
          await cluster.inspect().put(MARK, what);
          for (const editor of editors) await editor.type('<Esc>');
          ledger.tried(await caughtUp(ledger, scene, what, typed));
          if (what.includes('auth') || what.includes('token')) await switchOff(scene);
        }
      });
    });
  },
);
