/**
 * `npm run bench:live`: what others change, in an editor that follows it. `-- --only follow,idle` runs some; `--matrix` runs all editors.
 */
import { parseArgs } from 'node:util';
import { startEtcd } from '../../test/harness/etcd.js';
import { tools } from '../../test/harness/tools.js';
import { conditions, record, table, type Result } from '../table.js';
import { measureFollow, measureHistory, measureIdle, measureKeys, type Measure } from './measures.js';

const MEASURES: Record<string, Measure> = { follow: measureFollow, idle: measureIdle, keys: measureKeys, history: measureHistory };
const OPTIONS = {
  only: { type: 'string', default: Object.keys(MEASURES).join() },
  editors: { type: 'string' },
  samples: { type: 'string', default: '100' },
  record: { type: 'boolean', default: false },
} as const;

const { values } = parseArgs({ options: OPTIONS });
const wanted = Object.entries(MEASURES).filter(([name]) => values.only.split(',').includes(name));
const editors = tools.editors.filter(({ name }) => values.editors === undefined || values.editors.split(',').includes(name));
const results: Result[] = [];
for (const [name, measure] of wanted) {
  for (const tool of editors) {
    process.stderr.write(`${tool.name}: ${name}\n`);
    // Each measure has its own history.
    const etcd = await startEtcd(undefined, [], true);
    const rows = await measure(tool, etcd, Number(values.samples)).finally(etcd.stop);
    results.push(...rows.map((row) => ({ ...row, editor: tool.name })));
  }
}
const text = `${conditions([...tools.etcds.slice(-1), ...editors])} ${values.samples} rounds.\n\n${table(results)}`;
process.stdout.write(`${text}\n`);
if (values.record && wanted.length === Object.keys(MEASURES).length) record('Following etcd', text);
