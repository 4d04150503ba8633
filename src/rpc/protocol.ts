/**
 * The seam between editor and Node: every method's params and result. One JSON array a line, ASCII only:
 *
 *     [id, method, params, deadline]      editor -> Node; deadline in ms
 *     [id, {"ok": result}]                Node -> editor
 *     [id, {"err": {code, message, …}}]
 *     [0, "cancel", {"id": id}]           editor -> Node, no answer of its own
 *     [0, {"event": …}]                   Node -> editor
 *
 * Values never cross as JSON: they lie in a private file for the moment of the crossing (`file`).
 */
import type { ErrorCode, Revision, Secret } from '../etcd/index.js';
import type { More, MoreNames, Named, Open, Opened, OpenedListing, OpenedNew } from './protocol-open.js';
import type { Preview, PreviewPut, Put, PutDone, Theirs, TheirsDone } from './protocol-put.js';
import type { ProfileSettings } from './settings.js';

export type * from './protocol-open.js';
export type * from './protocol-put.js';

export const PROTOCOL = 1;

export interface Hello {
  protocol: number;
  /** The editor's pid, a dash, and the namespace of that pid (Linux; else 0): whose the private directory is. */
  owner?: string;
  /** The private directory that this editor has had so far. */
  dir?: string;
}

/** Where the clusters are; sent again whenever the editor's settings change. */
export interface Configure {
  /** By profile; '' is the default one. */
  profiles: Record<string, ProfileSettings>;
  /** The profile that `etcd:/x` means, where it is not the default one. */
  use?: string;
  /** All characters beyond ASCII that the editor's 'encoding' has, where that is not Unicode. */
  letters?: string;
}

/** What the user was asked for, because an error said `wants`. */
export interface Login {
  profile: string;
  what: Secret;
  secret: string;
}

/** What the rights do not allow to know is left out, and named in `denied`. */
export interface StatusDone {
  cluster_id?: string;
  revision?: Revision;
  /** Absent where nobody has answered. */
  members?: {
    /** Hexadecimal, as of etcdctl; in alarms too. */
    id: string;
    name: string;
    endpoint: string;
    leader: boolean;
    learner: boolean;
    version?: string;
    /** Bytes, in decimal. */
    db_size?: string;
    db_size_in_use?: string;
    raft_term?: string;
    /** ms */
    latency_ms: number | null;
    error: string;
  }[];
  /** Absent where nobody has answered. */
  alarms?: { member: string; alarm: string }[];
  endpoints: { endpoint: string; reachable: boolean; in_use: boolean; latency_ms: number | null; error: string }[];
  user: string;
  denied: string[];
}

export interface Complete {
  /** The beginning of an address. */
  text: string;
  max: number;
  /** Also lay the candidates out as empty files and directories, for the editor's own file completion. */
  shadow?: boolean;
}

export interface Completed {
  stem: string;
  names: string[];
  more: boolean;
  /** The directory in which `text` can be completed as a file name; absent where that cannot serve. */
  shadow?: string;
}

export interface HealthLine {
  level: 'ok' | 'warn' | 'error' | 'info';
  text: string;
}

/** Each method's params and result. */
export interface Methods {
  hello: { params: Hello; result: { protocol: number; node: string; pid: number; dir: string } };
  configure: { params: Configure; result: Record<string, never> };
  /** An address for the editor: value, listing, or a new key. */
  open: { params: Open; result: Opened | OpenedNew | OpenedListing };
  more: { params: More; result: MoreNames };
  /** Ends a listing that is under way; what it has found and nobody has taken is forgotten. */
  stop: { params: { stream: number }; result: Record<string, never> };
  /** A value, for `:read` and `:source`. */
  read: { params: Named; result: Opened };
  put: { params: Put; result: PutDone };
  /** What a conflict is about, for a diff. */
  theirs: { params: Theirs; result: TheirsDone };
  /** The answer to an error with `wants`. Kept in memory alone, and forgotten when it proves wrong. */
  login: { params: Login; result: Record<string, never> };
  status: { params: { profile: string }; result: StatusDone };
  /** Reads `file` as `put` would, and writes nothing. */
  preview: { params: PreviewPut; result: Preview };
  complete: { params: Complete; result: Completed };
  /** Connects to the default profile's cluster, so that the request behind it need not. */
  warm: { params: Record<string, never>; result: Record<string, never> };
  canonical: { params: Named; result: { address: string; kind: 'key' | 'prefix' } };
  health: { params: Record<string, never>; result: { lines: HealthLine[] } };
  log: { params: Record<string, never>; result: { lines: string[] } };
}

export type Method = keyof Methods;

export type PushedEvent =
  /** The request of that id may take so many ms, from its beginning. */
  | { event: 'deadline'; id: number; ms: number }
  /** A request that is under way has come this far. */
  | { event: 'progress'; address: string; count: number }
  /** A line to show once, as a warning. */
  | { event: 'notice'; text: string }
  /** Reserved for the watch: the key or something below the prefix is at another revision. */
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
  /** Of a put that lost: what the key is at now; absent where it is gone. */
  theirs_revision?: Revision;
  /** Of a put that was carried out and then overwritten. */
  written_revision?: Revision;
}

export type Reply = { ok: unknown } | { err: ErrorReply };
