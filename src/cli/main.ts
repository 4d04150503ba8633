/** What bin/etcdenv runs: reads etcd, and prints, or writes to descriptor 3 how the shell becomes the command. */
import { readFileSync } from 'node:fs';
import { explain, type Composed } from '../env/compose.js';
import { formats, type Written } from '../env/formats/index.js';
import { shown } from '../env/read.js';
import { failure } from './failure.js';
import { fetchSources } from './fetch.js';
import { replaceFile, writeAll } from './files.js';
import { handOver } from './handover.js';
import { readInherited, type Inherited } from './inherited.js';
import { readOptions, type Options } from './options.js';
import { composed, prepared } from './prepare.js';
import { run, warn } from './program.js';
import { scriptOf } from './script.js';
import { USAGE } from './usage.js';

const SCRIPT = 3;
/** ms between two looks whether our parent is there. */
const ORPHAN = 100;

async function main(): Promise<void> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 18)) throw failure(`Node.js 20.18.1 or newer is needed; this is ${process.versions.node}`);
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.show === 'help') writeAll(1, Buffer.from(USAGE));
  else if (options.show === 'version') writeAll(1, Buffer.from(`etcdenv ${version()}\n`));
  else if (options.watch) writeAll(SCRIPT, handOver(readInherited()));
  else await withParent(async () => serve(options));
}

/** Not longer than the shell lives that is to become the command. It gets the signal that ends both, and nothing tells us. */
async function withParent(work: () => Promise<void>): Promise<void> {
  const parent = process.ppid;
  const done = work();
  const look = setInterval(() => process.ppid === parent || process.exit(), ORPHAN);
  await done.finally(() => clearInterval(look));
}

async function serve(options: Options): Promise<void> {
  const reading = fetchSources(options, warn);
  // While etcd answers.
  const inherited = readInherited();
  if (options.command.length > 0 && !options.inherit.pristine && inherited.lost.length > 0) {
    warn(`sh does not hand on ${inherited.lost.map(shown).join(', ')}; bash would`);
  }
  const found = await composed(options, inherited, () => reading, warn);
  const { print, command } = options;
  if (print.explain) emit(Buffer.from(explain(found)), print.file);
  else if (command.length === 0) emit(formatted(print, found, inherited), print.file);
  else {
    const { command: words, set, unset } = prepared(command, found, inherited);
    writeAll(SCRIPT, scriptOf(words, set, unset));
  }
}

function formatted({ format, all }: Options['print'], { set, unset }: Composed, { variables }: Inherited): Buffer {
  const write = formats[format] as (typeof formats)[string];
  if (!all) return write(set);
  const inherited: Written[] = [...variables].map(([name, value]) => ({ name, value }));
  const names = new Set([...set.map(({ name }) => name), ...unset]);
  return write([...inherited.filter(({ name }) => !names.has(name)), ...set]);
}

function emit(bytes: Buffer, file?: string): void {
  if (file === undefined) writeAll(1, bytes);
  else replaceFile(file, bytes);
}

function version(): string {
  const { version } = JSON.parse(readFileSync(`${import.meta.dirname}/../package.json`, 'utf8')) as { version: string };
  return version;
}

run(main);
