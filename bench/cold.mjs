// The first listing of an editor: with nothing started, and with the host started a moment before.
import { openEditor } from './editor.mjs';
import { bareList, bareNode, bareOwnList } from './floor.mjs';
import { interleave } from './numbers.mjs';
import { CHILDREN, PREFIX } from './sample.mjs';

const filled = { check: 'line("$")', expect: CHILDREN };
const open = { command: `edit etcd:${PREFIX}`, ...filled };
/** The command line does the first; the second is someone typing. */
const prewarm = { before: ['call etcd#rpc#prewarm()', 'sleep 500m'] };

/**
 * @param {import('./run.mjs').Bench} bench
 * @param {import('./run.mjs').Editor} editor
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function measureCold({ terminals, ours, peer, floor, origin, env, samples }, editor) {
  const first = (config, question) => async () => {
    const session = await openEditor(terminals, editor, config.vimrc, config.env);
    const ms = await session.ask(question);
    await session.close();
    return ms;
  };
  const stock = peer && { stock: first(peer, { command: `edit peer:${PREFIX}`, ...filled }) };
  const cold = await interleave(samples.cold, 1, {
    ours: first(ours, open),
    bare: () => bareList(origin, PREFIX, env),
    zero: () => bareNode(env),
    own: () => bareOwnList(origin, PREFIX, env),
    ...stock,
  });
  const warm = await interleave(samples.cold, 1, {
    ours: first(ours, { ...open, ...prewarm }),
    floor: () => floor.list(PREFIX),
    bare: () => bareList(origin, PREFIX, env),
  });
  return [
    {
      measure: 'first listing, nothing started',
      editor: editor.name,
      ours: cold.ours,
      floor: cold['bare.wall'],
      references: { 'node -e 0': cold.zero, 'node -e with node:http': cold.own, ...(stock && { 'stock node host': cold.stock }) },
      target: { times: 1.5, plus: 0 },
    },
    {
      measure: 'first listing, prewarmed',
      editor: editor.name,
      ours: warm.ours,
      floor: warm.floor,
      references: { 'first request of a bare process': warm['bare.request'] },
      target: { times: 1.5, plus: 2 },
    },
  ];
}
