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

/** @param prefix has `keys` keys, each with a value of one line */
export async function measureDocument(tool: EditorTool, etcd: TestEtcd, prefix: string, keys: number): Promise<Result[]> {
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
      ours: () => session.time(`edit ${name} | redraw`, { before: fresh, check: 'line("$")', expect: keys }),
      floor: () => floorOf(() => client.range({ key, rangeEnd }, options)),
    });
    const written = await interleave(ROUNDS, 1, {
      ours(round) {
        const before = [
          `if bufname("%") !~# "yaml" | edit ${name} | endif`,
          `call setline(7, substitute(getline(7), ": .*", ": v${round}", ""))`,
        ];
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
    return [row(`open ?yaml of ${keys} keys`, opened, 2, 300), row('write one changed key of it', written, 3, 0)];
  } finally {
    await session.close();
    await client.close();
  }
}
