/**
 * The seam between editor and Node. One JSON array a line, ASCII only:
 *
 *     [id, method, params]                editor -> Node; the method knows how long it may take
 *     [id, method, params, deadline]      the same, but this long, in ms, whatever it is about
 *     [id, {"ok": result}]                Node -> editor
 *     [id, {"err": {code, message, …}}]
 *     [0, "cancel", {"id": id}]           editor -> Node, no answer of its own
 *     [0, {"event": …}]                   Node -> editor
 *
 * Each method has a file in methods/, with its params, its timeout and its result.
 * Values never cross as JSON: they lie in a private file for the moment of the crossing (`file`).
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
  /** The put of that id sends nothing: it only looks what etcd holds. */
  | { event: 'unsent'; id: number }
  /** A request that is under way has come this far; `all` is where it ends, if that is known. */
  | { event: 'progress'; address: string; count: number; all?: number }
  /** A line to show once, as a warning. */
  | { event: 'notice'; text: string }
  /** The `tail` of that id has lines for `tail_more`. It is not told again before that. */
  | { event: 'watched'; id: number }
  /** What is open there (`watch`) is at another revision. It is not told again before `heard`. */
  | { event: 'changed' | 'deleted' | 'resync' | 'offline'; address: string; revision: Revision };

export interface ErrorReply {
  code: ErrorCode;
  /** One line for the user: what, on which address and endpoint, why; what to do. */
  message: string;
  retryable: boolean;
  /** Ask for it, `login`, and try once more. */
  wants?: Secret;
  /** Of `wants`. */
  profile?: string;
  /** Of a put that lost: what the key is at now; absent if it is gone. */
  theirs_revision?: Revision;
  /** Of a put that was carried out and then overwritten. */
  written_revision?: Revision;
  /** Of a value that was refused: where it is wrong, both from 1, in bytes. */
  line?: number;
  column?: number;
  /** Of what is done once somebody has said yes: what they are to be shown besides the question, a line each. */
  unasked?: readonly string[];
}

export type Reply = { ok: unknown } | { err: ErrorReply };
