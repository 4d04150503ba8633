/** A prefix as one file in an editor: opened until the screen is drawn, and written after one change. Beside it the bare requests. */
import { fileURLToPath } from 'node:url';
import { createClient } from '../../src/client/index.js';
import { spanBelow } from '../../src/keyspace/subtree.js';
import type { TestEtcd } from '../../test/harness/etcd.js';
import type { EditorTool } from '../../test/harness/tools.js';
import { interleave } from '../samples.js';
import { fresh, onRuntimePath, openSession } from '../session.js';
import type { Result } from '../table.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const options = { budget: 120_000 };
const ROUNDS = 7;

/** A document of many keys that have the same value. */
export interface Subject {
  what: string;
  value: string;
  prefix: string;
  keys: number;
  /** How many lines each key has in it. */
  lines: number;
  /** The line in which a round changes one key, and what it is then. */
  line: number;
  becomes(round: number): string;
}

/** Simple lines, which we read ourselves, and lines that only the package can read. */
export function subjectsOf(keys: number): Subject[] {
  const common = { keys, becomes: (round: number) => `substitute(getline(7), ': .*', ': v${round}', '')`, line: 7 };
  return [
    { ...common, what: `${keys} keys`, value: 'x'.repeat(100), prefix: '/doc/', lines: 1 },
    {
      ...{ keys, what: `${keys} keys of two lines`, value: `gr\xc3\xb6\xc3\x9fe\n${'x'.repeat(90)}\n`, prefix: '/odd/', lines: 3 },
      ...{ line: 8, becomes: (round: number) => `'  ${round}'` },
    },
  ];
}

/** @param subject its keys are there */
export async function measureDocument(tool: EditorTool, etcd: TestEtcd, subject: Subject): Promise<Result[]> {
  const { what, prefix, keys, lines, line, becomes } = subject;
  const side = { rc: ['set nocompatible', onRuntimePath(ROOT)], env: { ETCDCTL_ENDPOINTS: etcd.endpoint } };
  const session = await openSession(tool, side);
  const client = createClient({ endpoints: [etcd.endpoint] });
  const { start: key, end: rangeEnd } = spanBelow(prefix);
  const name = `etcd:${prefix}?yaml`;
  const floorOf = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  try {
    const opened = await interleave(ROUNDS, 1, {
      ours: () => session.time(`edit ${name} | redraw`, { before: fresh, check: 'line("$")', expect: keys * lines }),
      floor: () => floorOf(() => client.range({ key, rangeEnd }, options)),
    });
    const written = await interleave(ROUNDS, 1, {
      ours(round) {
        const before = [`if bufname("%") !~# "yaml" | edit ${name} | endif`, `call setline(${line}, ${becomes(round)})`];
        return session.time('write!', { before, check: '&modified', expect: 0 });
      },
      floor: (round) =>
        floorOf(async () => {
          const { header, kvs } = await client.range({ key: `${prefix}floor` }, options);
          await client.txn({ then: [{ op: 'put', key: `/floor${kvs.length}`, value: Buffer.from(`${round}`) }], seen: header }, options);
        }),
    });
    const row = (measure: string, { ours, floor }: typeof opened, times: number, plus: number): Result => {
      return { editor: tool.name, measure, ours, floor, beside: {}, target: { times, plus } };
    };
    return [row(`open ?yaml of ${what}`, opened, 2, 300), row(`write one changed key of ${what}`, written, 3, 0)];
  } finally {
    await session.close();
    await client.close();
  }
}
