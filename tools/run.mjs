// node tools/run.mjs FILE [--matrix] [ARGUMENT...]: sets the clone up and runs a TypeScript file of it. With --matrix, its `tools`
// (test/harness/tools.ts) are all editors and servers with which we test.
import { argv, env } from 'node:process';
import { setUp } from './setup.mjs';
import { findTools } from './toolbox.mjs';
import { load } from './typescript.mjs';

const [file = ''] = argv.splice(2, 1);
await setUp();
if (argv.includes('--matrix')) {
  env['ETCD_VIM_TEST_TOOLS'] = JSON.stringify(await findTools({ matrix: true }));
  argv.splice(argv.indexOf('--matrix'), 1);
}
await load(file);
