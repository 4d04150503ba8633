// Measures the plugin beside its floor and prints one table: npm run bench -- [--matrix] [--only startup,cold,warm] [--samples n] [--record]
// Large trees and values, which the default run leaves out: --only browse,complete,value
import { parseArgs } from 'node:util';
import { setUp } from './setup.mjs';
import { findTools } from './toolbox.mjs';

const { values } = parseArgs({
  options: {
    matrix: { type: 'boolean', default: false },
    only: { type: 'string', default: 'startup,cold,warm' },
    samples: { type: 'string', default: '30' },
    record: { type: 'boolean', default: false },
  },
});

await setUp();
const tools = await findTools({ matrix: values.matrix });
// Only now: it needs the packages that were just installed.
const { report } = await import('../bench/report.mjs');
await report(tools, { only: values.only.split(','), rounds: Number(values.samples), record: values.record });
