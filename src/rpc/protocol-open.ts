/** The part of the seam (protocol.ts) that reads: values, new keys and listings. */
import type { Revision } from '../etcd/index.js';

export interface Named {
  /** An address, as typed or canonical. */
  name: string;
}

export interface Open extends Named {
  /** A listing that takes long may be answered with its beginning; the editor takes the rest by `more`. */
  stream?: boolean;
  /** ms, from its beginning, that the request may take if it is about a listing; without it its deadline holds. */
  list?: number;
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
  /** What was known of that cluster; opaque to the editor. */
  seen: string;
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
  seen: string;
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
