/** Options and the contents of etcd -> what a command is started with. */
import { compose, reasonOf, type Composed } from '../env/compose.js';
import type { Written } from '../env/formats/index.js';
import { isIdentifier } from '../env/names.js';
import { checkLengths, checkTotal } from '../env/lengths.js';
import { shown, type Reading } from '../env/read.js';
import { DEEPER, variablesOf } from '../env/variables.js';
import { failure, tell } from './failure.js';
import type { Inherited } from './inherited.js';
import type { Options } from './options.js';
import { findCommand, isForShell } from './script.js';

export interface Prepared {
  command: string[];
  set: readonly Written[];
  unset: readonly string[];
}

/**
 * @param read gets the keys
 * @param warn hears what is left out, in one line each
 * @throws Failure; its cause is the error of reading
 */
export async function composed(
  options: Options,
  { variables: own }: Inherited,
  read: () => Promise<Reading>,
  warn: (text: string) => void,
): Promise<Composed> {
  const rules = { ...options.inherit, set: options.set, require: options.require };
  try {
    const { sources } = await read();
    const found = compose(variablesOf(sources, options.choice), new Set(own.keys()), rules);
    if (!options.mayBeEmpty && found.variables.length === 0 && found.left.some(({ why }) => why === DEEPER)) {
      throw failure(`all keys under ${options.keys.map(shown).join(', ')} are deeper`, 'take them with -r or -path, or say -allow-empty');
    }
    const skipped = found.left.filter(({ unasked }) => unasked).map((one) => `${shown(one.key)} is left out: ${reasonOf(one)}`);
    if (options.strict && skipped.length > 0) throw failure(skipped.join(', '));
    if (!options.print.explain) skipped.forEach(warn);
    return found;
  } catch (thrown) {
    const { line, exit } = tell(thrown, options.keys.map(shown).join(', '));
    throw Object.assign(failure(line.replace(/^etcdenv: /, ''), undefined, exit), { cause: thrown });
  }
}

/** @throws Failure if there is no such command, or if no shell can start it with this environment */
export function prepared(command: readonly string[], { set, unset }: Composed, { variables, added }: Inherited): Prepared {
  const ours = new Set(set.map(({ name }) => name));
  const odd = [...ours].find((name) => !isForShell(name));
  if (odd !== undefined) {
    const hint = isIdentifier(odd) ? 'or rename it with -prefix' : 'or take names that every shell has, without -raw-names';
    throw failure(`a shell cannot hand on ${JSON.stringify(odd)}`, `leave it out with -except, ${hint}`);
  }
  checkLengths(set);
  const dropped = [...unset, ...added.filter((name) => !ours.has(name) && isForShell(name))];
  if (command[0]?.includes('=') && !dropped.every(isForShell)) {
    throw failure(`env(1) takes ${command[0]} for a variable`, 'name the command otherwise, or leave -pristine out');
  }
  const kept = [...variables].filter(([name]) => !ours.has(name) && !dropped.includes(name));
  checkTotal([...command, ...set.flatMap(({ name, value }) => [name, value]), ...kept.flat()].reduce((sum, it) => sum + it.length + 1, 0));
  const own = set.find(({ name }) => name === 'PATH')?.value ?? (unset.includes('PATH') ? undefined : variables.get('PATH'));
  const [name = '', ...args] = command;
  const file = findCommand(name, String(own ?? process.env['PATH'] ?? ''));
  return { command: [own === undefined || name.startsWith('-') ? file : name, ...args], set, unset: dropped };
}
