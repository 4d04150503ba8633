/** The part of the seam (protocol.ts) that writes: a put, its preview, and the other sides of a conflict. */
import type { Revision } from '../etcd/index.js';
import type { Named, Opened } from './protocol-open.js';

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
  /** '': whichever cluster answers; it was told that it is another one. */
  cluster_id: string;
  seen?: string;
  create_revision?: Revision;
  version?: string;
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
  /** As in Opened; absent where nothing was sent, and the base had none. */
  seen?: string;
  created: boolean;
  /** The bytes are those that were read: nothing was sent. */
  unchanged: boolean;
  /** Of what is unchanged: the key's revision by now, where that is another one; '0': it was deleted. */
  now_revision?: Revision;
  /** Of what is unchanged: why etcd could not be asked for that. */
  unasked?: string;
}

export interface Theirs extends Named {
  /** What the buffer was read at. */
  base?: PutBase;
  /** Also the value as it was then. */
  base_revision?: Revision;
}

/** The two other sides of a conflict. */
export interface TheirsDone {
  address: string;
  /** They are of another cluster than `base`. */
  foreign: boolean;
  /** As it is now; null: deleted. */
  theirs: Omit<Opened, 'kind' | 'address' | 'bytes' | 'past' | 'readonly' | 'stale'> | null;
  /** null: the key was not there, or the history is gone. */
  base: { file: string; mod_revision: Revision } | null;
}

/** Of a put that somebody is asked for before. */
export interface PreviewPut extends Named {
  file: string;
  append?: boolean;
  /** As for the put: what it would be refused for is not asked for. */
  base?: PutBase;
}

/** What a put of `file` would change. */
export interface Preview {
  address: string;
  /** Hunks of a unified diff from the value that is there now; empty where nothing would change. */
  file: string;
  /** Neither value has NUL: the hunks are text. */
  text: boolean;
  /** The base is of another cluster than what is there now: `put` refuses it. */
  foreign: boolean;
  /** Of the value that is there now: what the put compares with, once it was shown. */
  base: PutBase;
}
