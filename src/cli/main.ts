/** What bin/etcdenv runs: reads etcd, and prints, or writes to descriptor 3 how the shell becomes the command. */
import { readFileSync } from 'node:fs';
import { explain, type Composed } from '../env/compose.js';
import { formats, type Written } from '../env/formats/index.js';
import { shown } from '../env/read.js';
import { failure, oneLine, tell } from './failure.js';
import { fetchSources } from './fetch.js';
import { replaceFile, writeAll } from './files.js';
import { readInherited, type Inherited } from './inherited.js';
import { readOptions, type Options } from './options.js';
import { composed, prepared } from './prepare.js';
import { scriptOf } from './script.js';
import { endAs, supervise } from './supervise.js';
import { USAGE } from './usage.js';

const SCRIPT = 3;
/** Between this program and itself. */
const SUPERVISE = '--supervise';
const HANDED = 'ETCDENV_HANDED_';
/** ms between two looks whether our parent is there. */
const ORPHAN = 100;
const warn = (text: string): void => writeAll(2, Buffer.from(`${oneLine(`etcdenv: warning: ${text}`)}\n`));

async function main(): Promise<void> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 18)) throw failure(`Node.js 20.18.1 or newer is needed; this is ${process.versions.node}`);
  const isSupervisor = process.argv[2] === SUPERVISE && process.env[`${HANDED}0`] !== undefined;
  const options = readOptions(process.argv.slice(isSupervisor ? 3 : 2), process.env);
  if (options.show === 'help') writeAll(1, Buffer.from(USAGE));
  else if (options.show === 'version') writeAll(1, Buffer.from(`etcdenv ${version()}\n`));
  else if (options.watch && isSupervisor) endAs(await supervise({ options, inherited: handedOn(), plan: options.watch, warn }));
  else if (options.watch) writeAll(SCRIPT, becomeSupervisor(readInherited()));
  else await withParent(async () => serve(options, readInherited()));
}

/** Not longer than the shell lives that is to become the command. It gets the signal that ends both, and nothing tells us. */
async function withParent(work: () => Promise<void>): Promise<void> {
  const parent = process.ppid;
  const look = setInterval(() => process.ppid === parent || process.exit(), ORPHAN);
  await work().finally(() => clearInterval(look));
}

async function serve(options: Options, inherited: Inherited): Promise<void> {
  if (options.command.length > 0 && !options.inherit.pristine && inherited.lost.length > 0) {
    warn(`sh does not hand on ${inherited.lost.map(shown).join(', ')}; bash would`);
  }
  const found = await composed(options, inherited, async () => fetchSources(options, warn), warn);
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

/** The shell becomes this very program again, which stays: what it was started with goes along, in pieces that a variable can hold. */
function becomeSupervisor({ variables }: Inherited): Buffer {
  const entries = [...variables].map(([name, value]) => [name, value.toString('base64')]);
  const text = Buffer.from(JSON.stringify(entries)).toString('base64');
  const parts = (text.match(/.{1,100000}/g) ?? []).map((part, at) => ({ name: `${HANDED}${at}`, value: Buffer.from(part) }));
  const command = [process.execPath, process.argv[1] as string, SUPERVISE, ...process.argv.slice(2)];
  return scriptOf(command, parts, ['NODE_OPTIONS']);
}

/** What becomeSupervisor() has handed on, and what a shell adds to it. */
function handedOn(): Inherited {
  let text = '';
  for (let at = 0; process.env[`${HANDED}${at}`] !== undefined; at++) text += process.env[`${HANDED}${at}`] as string;
  const entries = JSON.parse(Buffer.from(text, 'base64').toString()) as [string, string][];
  const variables = new Map(entries.map(([name, value]) => [name, Buffer.from(value, 'base64')]));
  return { variables, lost: [], added: ['PWD', 'OLDPWD', 'SHLVL'].filter((name) => !variables.has(name)) };
}

function version(): string {
  const { version } = JSON.parse(readFileSync(`${import.meta.dirname}/../package.json`, 'utf8')) as { version: string };
  return version;
}

main().catch((thrown: unknown) => {
  const { line, exit } = tell(thrown);
  writeAll(2, Buffer.from(`${line}\n`));
  process.exitCode = exit;
});
