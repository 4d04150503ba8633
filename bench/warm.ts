/** What people do all day, with the host running: list, open, write, complete. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Floor } from './floor.js';
import { CHILDREN, nameOf, PREFIX, unread, VALUE } from './keys.js';
import type { Bench } from './main.js';
import { interleave } from './samples.js';
import { fresh, openSession, type Check, type Session } from './session.js';
import type { Row } from './table.js';

type Take = (session: Session, round: number) => Promise<number>;

interface Measure {
  /** @param scheme `etcd`, or `peer`: the stock host */
  ours(scheme: 'etcd' | 'peer'): Take | undefined;
  floor(floor: Floor, round: number): Promise<number>;
  /** The name of a local file that is opened for comparison. */
  local?: 'names' | 'value';
  target?: Row['target'];
}

const filled = (lines: number): Check => ({ before: fresh, check: 'line("$")', expect: lines });
const text = (round: number): string => `a line that changes, ${round}`;
const target = { times: 1.5, plus: 2 };
/** Rounds before those that count. */
export const WARM_UP = 8;

const measures: Record<string, Measure> = {
  [`listing of ${CHILDREN} keys`]: {
    ours: (scheme) => (session) => session.time(`edit ${scheme}:${PREFIX}`, filled(CHILDREN)),
    floor: (floor) => floor.list(PREFIX),
    local: 'names',
    target,
  },
  'open of a value of 1 kB': {
    ours: (scheme) => (session) => session.time(`edit ${scheme}:/bench/value`, filled(16)),
    floor: (floor) => floor.read('/bench/value'),
    local: 'value',
    target,
  },
  'write of a value of 1 kB': {
    ours: (scheme) => (session, round) => {
      const name = scheme === 'peer' ? 'peer:/bench/peer' : 'etcd:///bench/write';
      const before = [`if bufname("%") !~# "${name}$" | edit ${name} | endif`, `call setline(1, "${text(round)}")`];
      return session.time('write', { before, check: '&modified', expect: 0 });
    },
    floor: (floor, round) => floor.write(text(round) + VALUE),
  },
  'completion of :Etcd': {
    ours: (scheme) => (session, round) => {
      const prefix = unread('complete', round);
      const ask = scheme === 'peer' ? `EtcdPeerList("${prefix}")` : `getcompletion("Etcd etcd:${prefix}", "cmdline")`;
      return session.time(`let g:bench = ${ask}`, { check: 'len(g:bench)', expect: CHILDREN });
    },
    floor: (floor, round) => floor.list(unread('complete', round)),
  },
  'completion of :edit by <Tab>': {
    ours(scheme) {
      if (scheme === 'peer') return undefined;
      return (session, round) => session.tab(`edit etcd:${unread('tab', round)}`, `edit etcd:${unread('tab', round)}${nameOf(0)}`);
    },
    floor: (floor, round) => floor.list(unread('tab', round)),
  },
};

export async function measureWarm({ tool, ours, before, peer, floor, scratch, samples }: Bench): Promise<Row[]> {
  const files = { value: join(scratch, 'value'), names: join(scratch, 'names') };
  writeFileSync(files.value, VALUE);
  writeFileSync(files.names, 'key-000\n'.repeat(CHILDREN));
  const [mine, old, stock] = await Promise.all([ours, before, peer].map(async (side) => side && openSession(tool, side)));
  const rows: Row[] = [];
  for (const [measure, { ours: take, floor: bare, local, target: most }] of Object.entries(measures)) {
    const by = (session: Session | undefined, scheme: 'etcd' | 'peer') => {
      const taken = take(scheme);
      return session && taken && ((round: number) => taken(session, round));
    };
    const {
      ours: own,
      floor: least,
      ...beside
    } = await interleave(samples, WARM_UP, {
      ours: by(mine, 'etcd'),
      floor: (round) => bare(floor, round),
      before: by(old, 'etcd'),
      'node host': by(stock, 'peer'),
      'local file': mine && local && (() => mine.time(`edit ${files[local]} | setlocal filetype=bench`, { before: fresh })),
    });
    rows.push({ measure, ours: own, floor: least, beside, ...(most && { target: most }) });
  }
  for (const session of [mine, old, stock]) await session?.close();
  return rows;
}
