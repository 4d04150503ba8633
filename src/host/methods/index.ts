/** Every method that the editor can call, by its name. Those that it needs first are here, the others are in late.ts. */
import * as v from 'valibot';
import { canonical } from './canonical.js';
import { complete } from './complete.js';
import { configure } from './configure.js';
import { heard } from './heard.js';
import { hello } from './hello.js';
import { login } from './login.js';
import { more } from './more.js';
import { open } from './open.js';
import { read } from './read.js';
import { stop } from './stop.js';
import { warm } from './warm.js';
import { watch } from './watch.js';
import type { methods as LateMethods } from './late.js';
import { late } from './lately.js';
import type { EarlyHost, Host, Method } from './method.js';

const early = { hello, configure, warm, open, read, more, stop, complete, login, canonical, watch, heard };

export type MethodName = keyof typeof early | keyof typeof LateMethods;

/** A method, together with what its requests share. */
export interface Answering {
  method: Method;
  host: Host;
}

export interface Methods {
  /** undefined: there is no such method. It is a promise only if the file has to be loaded. */
  of(name: string): Answering | undefined | Promise<Answering | undefined>;
}

/** The methods of one editor. */
export function openMethods(host: EarlyHost): Methods {
  let all: Record<string, Answering> | undefined;

  async function load(): Promise<Record<string, Answering>> {
    const { methods, openLate } = await late();
    // Two requests may wait for it at once.
    return (all ??= answering(methods, { ...host, ...openLate(host) }));
  }

  // The methods here do not touch what is not there yet: see defineEarly().
  const first = answering(early, host as Host);
  const own = (table: Record<string, Answering>, name: string) => (Object.hasOwn(table, name) ? table[name] : undefined);
  return { of: (name) => own(first, name) ?? (all ? own(all, name) : load().then((table) => own(table, name), refusing)) };
}

function answering(methods: Record<string, Method>, host: Host): Record<string, Answering> {
  return Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, { method, host }]));
}

/** Replaces a method that cannot be loaded. */
function refusing(thrown: Error): Answering {
  const run = (): Promise<never> => Promise.reject(thrown);
  return { method: { failure: 'cannot begin', timeout: 5000, always: true, params: v.unknown(), run }, host: {} as Host };
}
