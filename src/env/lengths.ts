/** The system's limits for a command. */
import { readFileSync } from 'node:fs';
import { EtcdError } from '../client/index.js';
import type { Written } from './formats/index.js';

/** Linux takes no longer "NAME=value" (MAX_ARG_STRLEN), and a shell does not say which one is too long. */
const LONGEST = 128 * 1024;

/** @throws EtcdError invalid_value that names the first variable that is too long for any command */
export function checkLengths(set: readonly Written[]): void {
  const long = set.find(({ name, value }) => Buffer.byteLength(name) + value.length + 2 > LONGEST);
  if (!long) return;
  const why = `${long.name} has ${long.value.length} bytes, and a variable can have ${LONGEST}`;
  throw new EtcdError('invalid_value', why, { hint: 'leave it out' });
}

/** Up to so many bytes Linux never refuses a command; and it never takes more than so many: three quarters of 8 MiB. */
const [SURE, MOST] = [128 * 1024, 6 * 1024 * 1024];

/**
 * @param bytes of the arguments and the variables together, each with its NUL
 * @throws EtcdError invalid_value if no command can be started with so many. A shell says neither how many there are nor what helps
 */
export function checkTotal(bytes: number): void {
  if (bytes <= SURE) return;
  const most = mostBytes();
  if (most === undefined || bytes <= most) return;
  const why = `the command and its variables have ${bytes} bytes together, and the system takes ${most}`;
  throw new EtcdError('invalid_value', why, { hint: 'take fewer keys, or raise the limit with ulimit -s' });
}

/** From execve(2), "Limits on size of arguments and environment"; undefined if the system does not say. */
function mostBytes(): number | undefined {
  try {
    const [, stack] = /^Max stack size +(\w+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    if (stack === undefined) return undefined;
    return stack === 'unlimited' ? MOST : Math.min(MOST, Math.max(SURE, Math.floor(Number(stack) / 4)));
  } catch {
    return undefined;
  }
}
