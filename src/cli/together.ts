/** Flags that need another one, or exclude it. If a flag would do nothing, we refuse it, so that nobody relies on it. */
import { failure } from './failure.js';

/** Each of these flags does nothing without one of the others. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['wait', 'splay', 'on-change', 'restart', 'kill-signal', 'kill-timeout', 'reload-signal', 'lock'].map((flag) => [flag, ['watch']]),
  ),
  ...Object.fromEntries(['slots', 'ready', 'ready-after'].map((flag) => [flag, ['lock']])),
  'max-age': ['cache'],
  pass: ['pristine', 'i'],
};

/** An empty value is refused, because nobody knows what it means. It may be an unset variable of a script, and could mean everything. */
const NEVER_EMPTY = ['key', 'only', 'host', 'cache', 'o', 'lock', 'ready', 'password-file', 'password-command'];

const EXCLUDING = [
  ['keep', 'pristine'],
  ['keep', 'i'],
  ['r', 'path'],
  ['watch', 'explain'],
] as const;

/** These are for printing. With a command nothing is printed. */
const PRINTED = ['format', 'a', 'o'];

/**
 * @param flags the values of each flag that was given
 * @throws Failure that names them
 */
export function checkTogether(flags: ReadonlyMap<string, readonly string[]>, hasCommand: boolean): void {
  const isSet = (flag: string): boolean => (flags.get(flag)?.at(-1) ?? 'false') !== 'false';
  const empty = NEVER_EMPTY.find((flag) => flags.get(flag)?.includes(''));
  if (empty !== undefined) throw failure(`-${empty} is empty`, empty === 'key' ? '-key=/ takes all' : undefined);
  for (const flag of flags.keys()) {
    const needed = NEEDED[flag];
    if (needed?.some(isSet) === false) throw failure(`-${flag} does nothing without -${String(needed[0])}`);
  }
  const pair = EXCLUDING.find((both) => both.every(isSet));
  if (pair) throw failure(`-${pair[0]} and -${pair[1]} exclude each other`);
  if (isSet('watch') && !hasCommand) throw failure('-watch needs a command');
  const printed = isSet('explain') || !hasCommand ? undefined : PRINTED.find(isSet);
  if (printed !== undefined) throw failure(`-${printed} is for printing, and there is a command`, 'leave one of them out');
}
