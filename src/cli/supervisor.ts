/** What bin/etcdenv becomes with -watch: it stays, and the command is its child. */
import { readOptions } from './options.js';
import { failure } from './failure.js';
import { takeOver } from './handover.js';
import { run, warn } from './program.js';
import { endAs, supervise } from './supervise.js';

run(async () => {
  const options = readOptions(process.argv.slice(2), process.env);
  if (!options.watch) throw failure('this program is started by etcdenv -watch');
  endAs(await supervise({ options, inherited: takeOver(), plan: options.watch, warn }));
});
