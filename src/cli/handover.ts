/** From the program that fetches to the one that stays: what it was started with. The shell between them adds to its own environment. */
import type { Inherited } from './inherited.js';
import { scriptOf } from './script.js';

const HANDED = 'ETCDENV_HANDED_';
/** Characters of a variable; Linux takes 128 KiB. */
const MOST = 100_000;

/** @returns the script by which the shell becomes the supervisor */
export function handOver({ variables }: Inherited): Buffer {
  const entries = [...variables].map(([name, value]) => [name, value.toString('base64')]);
  const text = Buffer.from(JSON.stringify(entries)).toString('base64');
  const parts = (text.match(new RegExp(`.{1,${MOST}}`, 'g')) ?? []).map((part, at) => ({
    name: `${HANDED}${at}`,
    value: Buffer.from(part),
  }));
  const command = [process.execPath, `${import.meta.dirname}/supervisor.cjs`, ...process.argv.slice(2)];
  // We may inherit such parts, as from a supervisor around us. They must not be taken for the end of ours.
  const others = [...variables.keys()].filter((name) => name.startsWith(HANDED));
  return scriptOf(command, parts, ['NODE_OPTIONS', ...others]);
}

/** What handOver() has handed on, and what a shell adds to it. */
export function takeOver(): Inherited {
  let text = '';
  for (let at = 0; process.env[`${HANDED}${at}`] !== undefined; at++) text += process.env[`${HANDED}${at}`] as string;
  const entries = JSON.parse(Buffer.from(text, 'base64').toString()) as [string, string][];
  const variables = new Map(entries.map(([name, value]) => [name, Buffer.from(value, 'base64')]));
  return { variables, lost: [], added: ['PWD', 'OLDPWD', 'SHLVL'].filter((name) => !variables.has(name)) };
}
