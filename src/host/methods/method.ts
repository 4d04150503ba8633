/** The parts of a method of the seam. Each method has a file of its own in this folder, and a line in index.ts. */
import type { GenericSchema, InferOutput } from 'valibot';
import type { CallOptions } from '../../client/index.js';
import type { Journal } from '../journal.js';
import type { Histories } from '../histories.js';
import type { Listings } from '../listings.js';
import type { Live } from '../live/live.js';
import type { Plans } from '../plans.js';
import type { Pending } from '../document-plan.js';
import type { Searches } from '../searches.js';
import type { Session } from '../session.js';
import type { Tails } from '../tails.js';
import type { Timeout } from '../timeouts.js';

/** What all requests of one editor share from the start. */
export interface EarlyHost {
  session: Session;
  listings: Listings;
  live: Live;
}

/** What exists from the first request of a method in late.ts. */
export interface LateHost {
  plans: Plans;
  pending: Pending;
  journal: Journal;
  histories: Histories;
  searches: Searches;
  tails: Tails;
}

export interface Host extends EarlyHost, LateHost {}

export interface RequestOptions extends CallOptions {
  /** Gives the request another timeout, counted from when it came, and tells the editor. @returns the options to go on with */
  allow(timeout: Timeout): RequestOptions;
  /** Tells the editor that this put sends nothing. */
  unsent(): void;
}

export interface Method<Params extends GenericSchema = GenericSchema, Result extends object = object, Shared = Host> {
  /** The beginning of the error that the user reads: `etcd: <failure> <address>: <why>`. */
  failure: string;
  /** How long it may take. A method can `allow` itself another timeout, as soon as it knows what the request is about. */
  timeout: Timeout;
  /** It is done even if the settings are wrong. */
  always?: boolean;
  /** What the editor sends. It is checked, and is the type of what `run` gets. */
  params: Params;
  /** @throws EtcdError */
  run(params: InferOutput<Params>, host: Shared, options: RequestOptions): Result | Promise<Result>;
}

/** Returns the method as it is; its types are inferred. */
export function defineMethod<Params extends GenericSchema, Result extends object>(method: Method<Params, Result>): Method<Params, Result> {
  return method;
}

/** The same for a method that exists from the start. */
export function defineEarly<Params extends GenericSchema, Result extends object>(
  method: Method<Params, Result, EarlyHost>,
): Method<Params, Result, EarlyHost> {
  return method;
}
