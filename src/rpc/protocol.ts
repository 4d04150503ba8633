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
import type { ErrorCode, Revision } from '../etcd/index.js';

export const PROTOCOL = 1;

export interface Hello {
  protocol: number;
  /** Private directory (0700) of this editor, for bodies. */
  dir: string;
}

/** Where the clusters are; sent again whenever the editor's settings change. */
export interface Configure {
  /** By profile; '' is the default one. */
  profiles: Record<string, { endpoints: string[] }>;
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
}

export interface OpenedNew {
  kind: 'new';
  address: string;
  cluster_id: string;
}

export interface OpenedListing {
  kind: 'prefix';
  address: string;
  /** One encoded name a line, in etcd's byte order. */
  file: string;
  count: number;
  revision: Revision;
  cluster_id: string;
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
}

export interface Put extends Named {
  /** Holds the bytes to write. */
  file: string;
  /** Add the bytes behind the value that is there. */
  append?: boolean;
  /** What the buffer was read at; used only where it is of the same address. */
  base?: { address: string; mod_revision: Revision; digest: string; cluster_id: string };
  force?: boolean;
}

export interface PutDone {
  address: string;
  bytes: number;
  mod_revision: Revision;
  create_revision?: Revision;
  digest: string;
  cluster_id: string;
  created: boolean;
  unchanged: boolean;
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
  /** Reserved for the watch: the key or something below the prefix is at another revision. */
  | { event: 'changed' | 'deleted' | 'resync' | 'offline'; address: string; revision: Revision };

export interface ErrorReply {
  code: ErrorCode;
  /** One line for the user: what, on which address and endpoint, why; what to do. */
  message: string;
  retryable: boolean;
}

export type Reply = { ok: unknown } | { err: ErrorReply };
