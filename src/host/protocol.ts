/**
 * The seam between editor and Node. Each line is one JSON array, ASCII only:
 *
 *     [id, method, params]                editor -> Node; the method knows how long it may take
 *     [id, method, params, deadline]      the same, but this long, in ms, whatever it is about
 *     [id, {"ok": result}]                Node -> editor
 *     [id, {"err": {code, message, …}}]
 *     [0, "cancel", {"id": id}]           editor -> Node, no answer of its own
 *     [0, {"event": …}]                   Node -> editor
 *
 * Each method has a file in methods/, with its params, its timeout and its result.
 * Values never cross as JSON. For the moment of the crossing they lie in a private file (`file`).
 */
import type { ErrorCode, Revision, Secret } from '../client/index.js';

export type { MethodName as Method } from './methods/index.js';
export type { Preview, PreviewPut } from './methods/preview.js';
export type { PlanDone } from './plan-done.js';
export type { PlanShown } from './plan-shown.js';
export type { Put, PutDone } from './methods/put.js';
export type { Theirs, TheirsDone } from './methods/theirs.js';
export type { PutBase } from './params.js';
export type { Opened } from './value.js';

export const PROTOCOL = 1;

export type PushedEvent =
  /** The request of that id may take so many ms, from its beginning. */
  | { event: 'deadline'; id: number; ms: number }
  /** The put of that id sends nothing. It only asks what etcd holds. */
  | { event: 'unsent'; id: number }
  /** A request that is under way has come this far. `all` is its end, if that is known. */
  | { event: 'progress'; address: string; count: number; all?: number }
  /** A line to show once, as a warning. */
  | { event: 'notice'; text: string }
  /** The `tail` of that id has lines for `tail_more`. There is no further event before the editor has taken them. */
  | { event: 'watched'; id: number }
  /** An address that is open (`watch`) is at another revision. There is no further event before `heard`. */
  | { event: 'changed' | 'deleted' | 'resync' | 'offline'; address: string; revision: Revision };

export interface ErrorReply {
  code: ErrorCode;
  /** One line for the user: what failed, on which address and endpoint, why, and what to do. */
  message: string;
  retryable: boolean;
  /** Ask the user for it, send `login`, and try once more. */
  wants?: Secret;
  /** The profile that `wants` is for. */
  profile?: string;
  /** If a put lost: the revision of the key now; absent if it was deleted. */
  theirs_revision?: Revision;
  /** If a put was carried out and then overwritten: its revision. */
  written_revision?: Revision;
  /** If a value was refused: the place that is wrong. Both count from 1, in bytes. */
  line?: number;
  column?: number;
  /** Set if it will be done once the user has said yes: the lines to show them besides the question. */
  unasked?: readonly string[];
}

export type Reply = { ok: unknown } | { err: ErrorReply };
