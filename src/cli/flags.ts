/** Flags as in Go programs: `-f=v`, `-f v`, `--f`, `-switch`, `-switch=false`. They end at the first other word, or at `--`. */
import { failure } from './failure.js';

export type Flags<Name extends string> = Map<Name, string[]>;

/**
 * @param kinds every flag; a `switch` has no value of its own
 * @returns the values of each flag that was given, a switch as 'true' or 'false', and what follows the flags
 * @throws Failure that names the flag
 */
export function parseFlags<Name extends string>(
  args: readonly string[],
  kinds: Readonly<Record<Name, 'switch' | 'value'>>,
): { flags: Flags<Name>; rest: string[] } {
  const flags: Flags<Name> = new Map();
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '--') return { flags, rest: args.slice(at + 1) };
    const match = /^--?([^-=][^=]*)(?:=([^]*))?$/.exec(arg);
    if (!match) break;
    const [, name = '', given] = match;
    if (!Object.hasOwn(kinds, name)) throw failure(`there is no flag -${name}`, 'etcdenv -help has them all');
    const flag = name as Name;
    const value = kinds[flag] === 'switch' ? switched(name, given ?? 'true') : (given ?? args[++at]);
    if (value === undefined) throw failure(`-${name} needs a value`);
    flags.set(flag, [...(flags.get(flag) ?? []), value]);
  }
  return { flags, rest: args.slice(at) };
}

function switched(name: string, text: string): string {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return 'true';
  if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return 'false';
  throw failure(`-${name} must be true or false`);
}
