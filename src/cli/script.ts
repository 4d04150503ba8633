/** The script by which the shell of bin/etcdenv becomes the command. It goes through a pipe, because no value may be an argument. */
import { accessSync, constants, statSync } from 'node:fs';
import { isOfShells } from '../env/dangerous.js';
import { quoted, type Written } from '../env/formats/index.js';
import { isIdentifier } from '../env/names.js';
import { EXIT, failure } from './failure.js';

/** env(1) removes the names that a shell cannot unset, or sets again by itself. Only names are its arguments, never a value. */
const ENV = '/usr/bin/env';

/**
 * @param unset names that the command must not have, as latin1
 * @returns what the shell runs
 */
export function scriptOf(command: readonly string[], set: readonly Written[], unset: readonly string[]): Buffer {
  const odd = unset.filter((name) => !isForShell(name) && !name.includes('='));
  return Buffer.concat([
    ...unset.filter(isForShell).map((name) => Buffer.from(`unset ${name}\n`)),
    ...set.flatMap(({ name, value }) => [Buffer.from(`export ${name}=`), quoted(value), Buffer.from('\n')]),
    Buffer.from(odd.length > 0 ? `exec ${ENV}` : 'exec'),
    ...odd.flatMap((name) => [Buffer.from(' -u '), quoted(Buffer.from(name, 'latin1'))]),
    ...command.flatMap((word) => [Buffer.from(' '), quoted(word)]),
    Buffer.from('\n'),
  ]);
}

/** Whether a shell can hand on a variable of that name unchanged. */
export function isForShell(name: string): boolean {
  return isIdentifier(name) && !isOfShells(name);
}

/**
 * @param path of the command's own environment
 * @returns the file that will run. We look for it ourselves, so that a failure has our words, and the exit code of a shell
 * @throws Failure
 */
export function findCommand(name: string, path: string): string {
  const found = name.includes('/') ? [name] : path.split(':').map((dir) => `${dir || '.'}/${name}`);
  const there = found.filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
  const first = there.find(isExecutable);
  if (first !== undefined) return first;
  if (there.length > 0 || (name.includes('/') && statSync(name, { throwIfNoEntry: false }))) {
    throw failure(`${name} cannot be executed`, undefined, EXIT.notExecutable);
  }
  throw failure(`there is no command ${name}`, undefined, EXIT.notFound);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
