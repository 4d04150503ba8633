/** Large directories and values, until the screen is drawn: ours beside what the editors do with local ones; and completion in them. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CROWD, nameOf, SIZES } from './keys.js';
import type { Bench } from './main.js';
import { interleave } from './samples.js';
import { fresh, openSession, type Check, type Session } from './session.js';
import type { Row } from './table.js';

const LARGE = 100_000;
/** The most candidates that an editor takes. */
const MOST = 1000;

/** Runs the body in an editor whose netrw keeps no history, because that would go into the first directory of 'runtimepath'. */
async function inSession({ tool, ours }: Bench, body: (session: Session) => Promise<Row[]>): Promise<Row[]> {
  const session = await openSession(tool, { ...ours, rc: [...ours.rc, 'let g:netrw_dirhistmax = 0'] });
  return body(session).finally(session.close);
}

/** A local directory with so many empty files. */
function localDirectory(scratch: string, size: number): string {
  const directory = join(scratch, `browse-${size}`);
  if (existsSync(directory)) return directory;
  mkdirSync(directory);
  for (let i = 0; i < size; i++) writeFileSync(join(directory, nameOf(i)), '');
  return directory;
}

/** Listings, with netrw as the floor. The target is what was wished for: a hundred times as fast. */
export function measureBrowse(bench: Bench): Promise<Row[]> {
  return inSession(bench, async (session) => {
    const rows: Row[] = [];
    for (const size of SIZES) {
      const directory = localDirectory(bench.scratch, size);
      const time = (command: string, check: string) =>
        session.time(`${command} | redraw`, { before: fresh, check: `line("$") ${check}`, expect: 1 });
      const rounds = size > 10_000 ? 1 : Math.ceil(bench.samples / (size > 100 ? 10 : 3));
      const got = await interleave(rounds, size > 10_000 ? 0 : 1, {
        ours: () => time(`edit etcd:/browse/${size}/`, '> 50'),
        netrw: () => time(`edit ${directory}`, `>= ${size}`),
        ':Etcd!': () => time(`execute "Etcd! /browse/${size}/"`, `== ${size}`),
        'readdir()': () => time(`enew | call setline(1, sort(readdir("${directory}")))`, `== ${size}`),
        'one request': () => bench.floor.list(`/browse/${size}/`, size),
      });
      const { ours, netrw, ...beside } = got;
      const target = { times: size > 1000 ? 0.01 : 1, plus: 0 };
      rows.push({ measure: `${size} names, beside netrw`, ours, floor: netrw, beside, ...(size > 100 && { target }) });
    }
    return rows;
  });
}

/** Its beginnings, the longest first, because what was found for one does not answer the next. */
const shrinking = (text: string): string[] => Array.from({ length: text.length + 1 }, (_, i) => text.slice(0, text.length - i));
const inTime = { times: 0, plus: 50 };

/** What is typed, one after the other, and how many candidates each has. */
const completions: Record<string, { typed: string[]; found: number; target: NonNullable<Row['target']>; listed?: boolean }> = {
  [`completion, 100 of ${LARGE} keys match`]: {
    typed: Array.from({ length: 20 }, (_, i) => `/browse/${LARGE}/key-10${120 + i}`),
    found: 100,
    target: { times: 1.5, plus: 0 },
  },
  [`completion, ${LARGE} keys match`]: {
    typed: shrinking('key-10').map((text) => `/browse/${LARGE}/${text}`),
    found: MOST,
    target: inTime,
  },
  [`completion, 100 names with ${LARGE} keys below`]: {
    typed: shrinking('key-10000').map((text) => `/deep/${text}`),
    found: 100,
    target: inTime,
  },
  [`completion, ${CROWD} keys match`]: { typed: shrinking('key-1').map((text) => `/crowd/${text}`), found: MOST, target: inTime },
  [`completion, ${LARGE} names, just listed`]: {
    typed: Array.from({ length: 10 }, (_, i) => `/browse/${LARGE}/${['', 'k', 'key-'][i % 3] ?? ''}`),
    found: MOST,
    target: inTime,
    listed: true,
  },
};

/** Completion. The floor is one request for as many keys as there are candidates. */
export function measureComplete(bench: Bench): Promise<Row[]> {
  return inSession(bench, async (session) => {
    const rows: Row[] = [];
    for (const [measure, { typed, found, target, listed }] of Object.entries(completions)) {
      const check: Check = { check: 'len(g:bench)', expect: found };
      if (listed) check.before = [`silent execute "Etcd! /browse/${LARGE}/"`];
      const { ours, floor } = await interleave(typed.length - 1, 1, {
        ours: (round) => session.time(`let g:bench = getcompletion("Etcd etcd:${typed[round] ?? ''}", "cmdline")`, check),
        floor: (round) => bench.floor.list(typed[round] ?? '', found),
      });
      rows.push({ measure, ours, floor, target, beside: {} });
    }
    return rows;
  });
}

/** 1.4 MB, which is near the server's limit for a request. */
const line = '{"key": "of many", "value": "of the same"}';
const LINES = Math.floor(1_400_000 / (line.length + 1));
const values = [
  { name: 'lines.json', title: `1.4 MB of JSON in ${LINES} lines`, value: `${line}\n`.repeat(LINES), lines: LINES },
  { name: 'one-line', title: '1.4 MB in one line', value: line.repeat(LINES), lines: 1 },
];

/** Values, with a local file as the floor. */
export function measureValue(bench: Bench): Promise<Row[]> {
  return inSession(bench, async (session) => {
    const rows: Row[] = [];
    for (const { name, title, value, lines } of values) {
      const local = join(bench.scratch, name);
      const key = `/big/${name}`;
      await bench.etcd.put(key, value);
      writeFileSync(local, value);
      const open = (file: string) => session.time(`edit ${file} | redraw`, { before: fresh, check: 'line("$")', expect: lines });
      const write = (file: string, round: number) => {
        const change = `call setline(1, "${round} times " . getline(1)[8:])`;
        return session.time('write', { before: [...fresh, `silent edit ${file}`, change], check: '&modified', expect: 0 });
      };
      const rounds = Math.ceil(bench.samples / 3);
      const add = (verb: string, { ours, local: file, ...beside }: Record<'ours' | 'local' | 'one request', number[]>) =>
        rows.push({ measure: `${verb} of ${title}`, ours, floor: file, beside });
      add(
        'open',
        await interleave(rounds, 1, {
          ours: () => open(`etcd:${key}`),
          local: () => open(local),
          'one request': () => bench.floor.read(key),
        }),
      );
      add(
        'write',
        await interleave(rounds, 1, {
          ours: (round) => write(`etcd:${key}`, round),
          local: (round) => write(local, round),
          'one request': (round) => bench.floor.write(String(round) + value),
        }),
      );
    }
    return rows;
  });
}
