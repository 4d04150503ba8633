// Completion in large trees, beside one bare request for as many keys as there are candidates.
import { openEditor } from './editor.mjs';
import { interleave } from './numbers.mjs';
import { CROWD, putKeys, SIZES } from './tree.mjs';

const LARGE = SIZES.at(-1);
/** Candidates that an editor takes at the most. */
const MOST = 1000;
const directory = `/browse/${LARGE}/`;
const asMuch = { times: 1.5, plus: 0 };
const inTime = { times: 0, plus: 50 };
/** Its beginnings, the longest first: what was found for one does not answer the next. */
const shrinking = (text) => Array.from({ length: text.length + 1 }, (_, i) => text.slice(0, text.length - i));

/** By measure: what is typed, one after the other, what each finds, before what, and what is aimed at. */
const measures = {
  [`completion, 100 of ${LARGE} keys match`]: {
    typed: Array.from({ length: 20 }, (_, i) => `${directory}key-10${120 + i}`),
    found: 100,
    target: asMuch,
  },
  [`completion, ${LARGE} keys match`]: { typed: shrinking('key-10').map((text) => directory + text), found: MOST, target: inTime },
  [`completion, 100 names with ${LARGE} keys below`]: {
    typed: shrinking('key-10000').map((text) => `/deep/${text}`),
    found: 100,
    target: inTime,
  },
  [`completion, ${CROWD} keys match`]: { typed: shrinking('key-1').map((text) => `/crowd/${text}`), found: MOST, target: inTime },
  [`completion, just listed, first letters of ${LARGE} names`]: {
    typed: Array.from({ length: 10 }, (_, i) => directory + ['', 'k', 'key-'][i % 3]),
    found: MOST,
    before: [`silent execute "Etcd! ${directory}"`],
    target: inTime,
  },
};

/**
 * @param {import('./run.mjs').Bench} bench
 * @param {import('./run.mjs').Editor} editor
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function measureComplete({ terminals, origin, ours, floor }, editor) {
  await putKeys(origin);
  const session = await openEditor(terminals, editor, ours.vimrc, ours.env);
  const rows = [];
  for (const [measure, { typed, found, before, target }] of Object.entries(measures)) {
    const command = (text) => `let g:bench = etcd#complete#address("etcd:${text}")`;
    const got = await interleave(typed.length - 1, 1, {
      ours: (round) => session.ask({ before, command: command(typed[round]), check: 'len(g:bench)', expect: found }),
      floor: (round) => floor.begins(typed[round], found),
    });
    rows.push({ measure, editor: editor.name, ours: got.ours, floor: got.floor, references: {}, target });
  }
  await session.close();
  return rows;
}
