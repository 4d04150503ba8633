/** The environment that we were started with. It is not that of the shell that started us, which may have added names or dropped some. */
import { readFileSync } from 'node:fs';
import { isIdentifier } from '../env/names.js';

export interface Inherited {
  /** In their order, with their bytes as they are. */
  variables: Map<string, Buffer>;
  /** Names that the shell has added and exported. */
  added: string[];
  /** Odd names that the shell has dropped, as dash does with all that are no identifiers. They cannot be had back. */
  lost: string[];
}

/** Names are latin1, so that no byte is lost. */
export function readInherited(): Inherited {
  const ours = Object.keys(process.env);
  let bytes: Buffer;
  try {
    bytes = readFileSync(`/proc/${process.ppid}/environ`);
  } catch {
    return { variables: new Map(ours.map((name) => [name, Buffer.from(process.env[name] ?? '')])), added: [], lost: [] };
  }
  const variables = new Map<string, Buffer>();
  for (const entry of bytes.toString('latin1').split('\0')) {
    const at = entry.indexOf('=', 1);
    if (at > 0 && !variables.has(entry.slice(0, at))) variables.set(entry.slice(0, at), Buffer.from(entry.slice(at + 1), 'latin1'));
  }
  const lost = [...variables.keys()].filter((name) => !isIdentifier(name) && process.env[latin1ToText(name)] === undefined);
  return { variables, lost, added: ours.filter((name) => name !== '_' && name !== 'NODE_OPTIONS' && !variables.has(name)) };
}

/** The name as Node has it in process.env. */
export function latin1ToText(name: string): string {
  return Buffer.from(name, 'latin1').toString();
}
