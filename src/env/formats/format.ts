/** A way to write variables down. */
import { EtcdError } from '../../client/index.js';

export interface Written {
  name: string;
  value: Buffer;
}

/** @throws EtcdError invalid_value that names the variable that cannot be written in this format */
export type Format = (variables: readonly Written[]) => Buffer;

/** A format with one entry for each variable. */
export function each(write: (name: string, value: Buffer) => string | Buffer): Format {
  return (variables) => Buffer.concat(variables.map(({ name, value }) => Buffer.from(write(name, value) as string)));
}

/** The same for a format that is UTF-8. */
export function eachText(format: string, write: (name: string, value: string) => string): Format {
  return each((name, value) => write(name, textOf(name, value, format)));
}

/** @throws EtcdError invalid_value unless it is UTF-8 */
export function textOf(name: string, value: Buffer, format: string): string {
  const text = value.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(value)) return text;
  throw unwritable(name, format, 'its value is not UTF-8');
}

/** The error of a value that the format cannot express. */
export function unwritable(name: string, format: string, why: string, hint = 'use -format=sh, json or nul'): EtcdError {
  return new EtcdError('invalid_value', `${name} cannot be written as ${format}: ${why}`, { hint });
}
