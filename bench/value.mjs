// Values near the server's limit: opened and written beside a local file of the same bytes, which is the floor here.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fresh, openEditor } from './editor.mjs';
import { interleave } from './numbers.mjs';
import { put } from './requests.mjs';

const BYTES = 1_400_000;
const line = '{"key": "of many", "value": "of the same"}';
const LINES = Math.floor(BYTES / (line.length + 1));
/** By name: the bytes, and how many lines they are. */
const values = { 'lines.json': [`${line}\n`.repeat(LINES), LINES], 'one-line': [line.repeat(LINES), 1] };
const titles = { 'lines.json': `1.4 MB of JSON in ${LINES} lines`, 'one-line': '1.4 MB in one line' };

/**
 * @param {import('./run.mjs').Bench} bench
 * @param {import('./run.mjs').Editor} editor
 * @returns {Promise<import('./table.mjs').Row[]>} with a local file as the floor
 */
export async function measureValue({ terminals, origin, ours, floor, samples }, editor) {
  const session = await openEditor(terminals, editor, ours.vimrc, ours.env);
  const rows = [];
  for (const [name, [value, lines]] of Object.entries(values)) {
    const local = join(terminals.scratch, name);
    await put(origin, `/big/${name}`, value);
    writeFileSync(local, value);
    const open = (file) => session.ask({ before: fresh, command: `edit ${file} | redraw`, check: 'line("$")', expect: lines });
    const change = (round) => `call setline(1, "${round} times " . getline(1)[8:])`;
    const write = (file, round) =>
      session.ask({ before: [...fresh, `silent edit ${file}`, change(round)], command: 'write', check: '&modified', expect: 0 });
    const rounds = Math.ceil(samples.warm / 3);
    const opened = await interleave(rounds, 1, {
      ours: () => open(`etcd:/big/${name}`),
      local: () => open(local),
      bare: () => floor.read(`/big/${name}`),
    });
    const written = await interleave(rounds, 1, {
      ours: (round) => write(`etcd:/big/${name}`, round),
      local: (round) => write(local, round),
      bare: (round) => floor.write(round + value),
    });
    for (const [verb, { ours: mine, local: file, bare }] of Object.entries({ open: opened, write: written })) {
      const measure = `${verb} of ${titles[name]}`;
      rows.push({ measure, editor: editor.name, ours: mine, floor: file, references: { 'one bare request': bare } });
    }
  }
  await session.close();
  return rows;
}
