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
import type { ProfileSettings } from './settings.js';

export const PROTOCOL = 1;

export interface Hello {
  protocol: number;
  /** Private directory (0700) of this editor, for bodies. */
  dir: string;
}

/** Where the clusters are; sent again whenever the editor's settings change. */
export interface Configure {
  /** By profile; '' is the default one. */
  profiles: Record<string, ProfileSettings>;
  /** The profile that `etcd:/x` means, where it is not the default one. */
  use?: string;
}

/** What the user was asked for, because an error said `wants`. */
export interface Login {
  profile: string;
  what: Secret;
  secret: string;
}

export interface Named {
  /** An address, as typed or canonical. */
  name: string;
}

export interface Open extends Named {
  /** A listing that takes long may be answered with its beginning; the editor takes the rest by `more`. */
  stream?: boolean;
}

/** A value that was read; what `put` wants back as `base`. */
export interface Opened {
  kind: 'key';
  address: string;
  file: string;
  /** UTF-8 without BOM, NUL or ^Z: any editor shows it without loss. */
  plain: boolean;
  bytes: number;
  mod_revision: Revision;
  create_revision: Revision;
  version: string;
  lease: string;
  cluster_id: string;
  digest: string;
  /** The address reads the past, and cannot be written. */
  past: boolean;
  /** Nothing may be put by this profile. */
  readonly: boolean;
  /** What one member has; without a quorum nobody knows whether it is the newest. */
  stale: boolean;
}

export interface OpenedNew {
  kind: 'new';
  address: string;
  cluster_id: string;
  readonly: boolean;
  stale: boolean;
}

export interface OpenedListing {
  kind: 'prefix';
  address: string;
  /** One encoded name a line, in etcd's byte order. */
  file: string;
  count: number;
  revision: Revision;
  cluster_id: string;
  stale: boolean;
  /** Only what the roles of the user allow to see. */
  scoped: boolean;
  /** Only the beginning is there: the rest comes under this number. */
  stream?: number;
}

/** The next names of a listing that is under way; `name` is its address. */
export interface More extends Named {
  stream: number;
  /** Names at the most. */
  max: number;
}

export interface MoreNames {
  /** As in OpenedListing; absent where no new name is known yet. */
  file?: string;
  count: number;
  /** Names that Node knows so far. */
  known: number;
  /** With the last names: the listing is whole. */
  revision?: Revision;
  cluster_id?: string;
  stale?: boolean;
  scoped?: boolean;
}

export interface Put extends Named {
  /** Holds the bytes to write. */
  file: string;
  /** Add the bytes behind the value that is there. */
  append?: boolean;
  /** What the buffer was read at; used only where it is of the same address. */
  base?: PutBase;
  force?: boolean;
}

/** For a new key mod_revision is '0'. */
export interface PutBase {
  address: string;
  mod_revision: Revision;
  digest: string;
  cluster_id: string;
  create_revision?: Revision;
  lease?: string;
}

export interface PutDone {
  address: string;
  bytes: number;
  mod_revision: Revision;
  /** These three where anything was sent. */
  create_revision?: Revision;
  version?: string;
  lease?: string;
  digest: string;
  cluster_id: string;
  created: boolean;
  unchanged: boolean;
}

export interface Theirs extends Named {
  /** Also the value as it was then. */
  base_revision?: Revision;
}

/** The two other sides of a conflict. */
export interface TheirsDone {
  address: string;
  /** As it is now; null: deleted. */
  theirs: Omit<Opened, 'kind' | 'address' | 'bytes' | 'past' | 'readonly' | 'stale'> | null;
  /** null: the key was not there, or the history is gone. */
  base: { file: string; mod_revision: Revision } | null;
}

/** What the rights do not allow to know is left out, and named in `denied`. */
export interface StatusDone {
  cluster_id?: string;
  revision?: Revision;
  members: {
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
  alarms: { member: string; alarm: string }[];
  endpoints: { endpoint: string; reachable: boolean; in_use: boolean; latency_ms: number | null; error: string }[];
  user: string;
  denied: string[];
}

/** What a put of `file` would change. */
export interface Preview {
  address: string;
  /** Hunks of a unified diff from the value that is there now; empty where nothing would change. */
  file: string;
  /** Neither value has NUL: the hunks are text. */
  text: boolean;
  /** Of the value that is there now: '0' and '' where there is none. */
  mod_revision: Revision;
  digest: string;
  cluster_id: string;
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
  hello: { params: Hello; result: { protocol: number; node: string; pid: number } };
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
  preview: { params: Named & { file: string; append?: boolean }; result: Preview };
  complete: { params: Complete; result: Completed };
  /** Connects to the default profile's cluster, so that the request behind it need not. */
  warm: { params: Record<string, never>; result: Record<string, never> };
  canonical: { params: Named; result: { address: string; kind: 'key' | 'prefix' } };
  health: { params: Record<string, never>; result: { lines: HealthLine[] } };
  log: { params: Record<string, never>; result: { lines: string[] } };
}

export type Method = keyof Methods;

export type PushedEvent =
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
