// What people do all day, with the host running: list, open, write, complete.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fresh, openEditor } from './editor.mjs';
import { interleave } from './numbers.mjs';
import { CHILDREN, PREFIX, VALUE } from './sample.mjs';

const LINES = VALUE.split('\n').length - 1;
const text = (round) => `a line that changes, ${round}`;
const change = (name, round) => [`if bufname("%") !~# "${name}$" | edit ${name} | endif`, `call setline(1, "${text(round)}")`];
const limited = { times: 1.5, plus: 2 };

/** By measure: what ours does, what the floor sends, what the stock host does, and what is aimed at. */
const measures = {
  [`listing of ${CHILDREN} keys`]: {
    ours: () => ({ before: fresh, command: `edit etcd:${PREFIX}`, check: 'line("$")', expect: CHILDREN }),
    floor: (floor) => floor.list(PREFIX),
    stock: () => ({ before: fresh, command: `edit peer:${PREFIX}`, check: 'line("$")', expect: CHILDREN }),
    local: ({ names }) => ({ before: fresh, command: `edit ${names} | setlocal filetype=bench`, check: 'line("$")', expect: CHILDREN }),
    target: limited,
  },
  'open of a value of 1 kB': {
    ours: () => ({ before: fresh, command: 'edit etcd:/bench/value', check: 'line("$")', expect: LINES }),
    floor: (floor) => floor.read('/bench/value'),
    stock: () => ({ before: fresh, command: 'edit peer:/bench/value', check: 'line("$")', expect: LINES }),
    local: ({ value }) => ({ before: fresh, command: `edit ${value}`, check: 'line("$")', expect: LINES }),
    target: limited,
  },
  'write of a value of 1 kB': {
    ours: (round) => ({ before: change('etcd:///bench/write', round), command: 'write', check: '&modified', expect: 0 }),
    floor: (floor, round) => floor.write(text(round) + VALUE),
    stock: (round) => ({ before: change('peer:/bench/peer', round), command: 'write', check: '&modified', expect: 0 }),
  },
  'completion of :Etcd': {
    ours: () => ({ command: `let g:bench = etcd#complete#address("etcd:${PREFIX}")`, check: 'len(g:bench)', expect: CHILDREN }),
    floor: (floor) => floor.list(PREFIX),
    stock: () => ({ command: `let g:bench = EtcdPeerList("${PREFIX}")`, check: 'len(g:bench)', expect: CHILDREN }),
  },
  'completion of :edit by <Tab>': {
    press: () => ({ line: `edit etcd:${PREFIX}`, key: 'Tab', expect: `edit etcd:${PREFIX}key-001` }),
    floor: (floor) => floor.list(PREFIX),
  },
};

/**
 * @param {import('./run.mjs').Bench} bench
 * @param {import('./run.mjs').Editor} editor
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function measureWarm({ terminals, ours, peer, floor, samples }, editor) {
  const files = { value: join(terminals.scratch, 'value'), names: join(terminals.scratch, 'names') };
  writeFileSync(files.value, VALUE);
  writeFileSync(files.names, 'key-000\n'.repeat(CHILDREN));
  const session = await openEditor(terminals, editor, ours.vimrc, ours.env);
  const other = peer && (await openEditor(terminals, editor, peer.vimrc, peer.env));
  const rows = [];
  for (const [measure, { target, ...does }] of Object.entries(measures)) {
    const got = await interleave(samples.warm, 8, {
      ours: (round) => (does.press ? session.press(does.press()) : session.ask(does.ours(round))),
      floor: (round) => does.floor(floor, round),
      ...(other && does.stock && { 'stock node host': (round) => other.ask(does.stock(round)) }),
      ...(does.local && { 'a local file': () => session.ask(does.local(files)) }),
    });
    const { ours: mine, floor: bare, ...references } = got;
    rows.push({ measure, editor: editor.name, ours: mine, floor: bare, references, ...(target && { target }) });
  }
  await session.close();
  await other?.close();
  return rows;
}
