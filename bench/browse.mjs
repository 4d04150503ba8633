// Directories of many names, from `:edit` to the drawn screen: ours beside what the editors do with a local one.
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fresh, openEditor } from './editor.mjs';
import { interleave } from './numbers.mjs';
import { nameOf, putKeys, SIZES } from './tree.mjs';

/** What the issue asks for, against netrw. */
const targets = { 1000: { times: 1, plus: 0 }, 10_000: { times: 0.01, plus: 0 }, 100_000: { times: 0.01, plus: 0 } };

/** A local directory with as many empty files. */
function localDirectory(scratch, size) {
  const directory = join(scratch, `browse-${size}`);
  if (existsSync(directory)) return directory;
  mkdirSync(directory);
  for (let i = 0; i < size; i++) closeSync(openSync(join(directory, nameOf(i)), 'w'));
  return directory;
}

/**
 * @param {import('./run.mjs').Bench} bench
 * @param {import('./run.mjs').Editor} editor
 * @returns {Promise<import('./table.mjs').Row[]>} with netrw as the floor
 */
export async function measureBrowse({ terminals, origin, ours, floor, samples }, editor) {
  await putKeys(origin);
  // netrw would leave its history in the first directory of 'runtimepath', which is the repository.
  const session = await openEditor(terminals, editor, [...ours.vimrc, 'let g:netrw_dirhistmax = 0'], ours.env);
  const rows = [];
  for (const size of SIZES) {
    const directory = localDirectory(terminals.scratch, size);
    const whole = { check: 'line("$")', expect: size };
    const ask = (command, check = {}) => session.ask({ before: fresh, command: `${command} | redraw`, ...check });
    const rounds = size > 10_000 ? 1 : Math.ceil(samples.warm / (size > 100 ? 10 : 3));
    const got = await interleave(rounds, size > 10_000 ? 0 : 1, {
      ours: () => ask(`edit etcd:/browse/${size}/`, { check: 'line("$") > 50', expect: 1 }),
      whole: () => ask(`execute "Etcd! /browse/${size}/"`, whole),
      readdir: () => ask(`enew | call setline(1, sort(readdir("${directory}")))`, whole),
      bare: () => floor.begins(`/browse/${size}/`, size),
      netrw: () => ask(`edit ${directory}`, { check: `line("$") >= ${size}`, expect: 1 }),
    });
    rows.push({
      measure: `${size} names, to the drawn screen`,
      editor: editor.name,
      ours: got.ours,
      floor: got.netrw,
      references: { 'all of them (:Etcd!)': got.whole, 'readdir() + setline(), local': got.readdir, 'one bare request': got.bare },
      ...(targets[size] && { target: targets[size] }),
    });
  }
  await session.close();
  return rows;
}
