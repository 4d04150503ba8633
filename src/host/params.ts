/** The check of what the editor has sent, and the shapes that params of several methods share. */
import * as v from 'valibot';
import { EtcdError } from '../client/index.js';

/** An int64 in decimal. */
export const int64 = v.pipe(v.string(), v.regex(/^-?\d+$/));

/** What a buffer was read at, given back to be compared with. For a new key mod_revision is '0'. */
export const putBase = v.object({
  address: v.string(),
  mod_revision: int64,
  digest: v.string(),
  /** '': any cluster that answers, because the user was told that it is another one. */
  cluster_id: v.string(),
  /** What was known of that cluster (seen.ts). */
  seen: v.exactOptional(v.string()),
  create_revision: v.exactOptional(int64),
  version: v.exactOptional(int64),
  lease: v.exactOptional(int64),
});
export type PutBase = v.InferOutput<typeof putBase>;

/** A value that `put` would write: an address, as typed or canonical, and its new bytes. */
export const written = v.object({
  name: v.string(),
  /** The file with the bytes to write. */
  file: v.string(),
  /** Add the bytes after the value that is there. */
  append: v.exactOptional(v.boolean()),
  /** Only used if it is of the same address. */
  base: v.exactOptional(putBase),
  /** Compare with what is there now instead of with the base. */
  force: v.exactOptional(v.boolean()),
  /** The user was asked, if the profile wants a question; or nobody could be asked, and it is forced. */
  asked: v.exactOptional(v.boolean()),
  /** The lease of the key, if the user has agreed to a write in spite of it. There is no more question about that lease. */
  agreed: v.exactOptional(int64),
  /** There is somebody who can be asked. */
  person: v.exactOptional(v.boolean()),
  /** Ignore what `g:etcd.validate` says of the value. */
  unchecked: v.exactOptional(v.boolean()),
  /** The value that was read was JSON, so say if this one is not. */
  json: v.exactOptional(v.boolean()),
});

/**
 * @param method the name of the method, for the message
 * @returns the params, without fields that the schema does not know
 * @throws EtcdError internal, which names the first field that is wrong: only a bug of ours sends one
 */
export function checkParams<Schema extends v.GenericSchema>(method: string, schema: Schema, params: unknown): v.InferOutput<Schema> {
  const checked = v.safeParse(schema, params, { abortEarly: true });
  if (checked.success) return checked.output;
  const field = v.getDotPath(checked.issues[0]) ?? 'params';
  throw new EtcdError('internal', `${method}: ${field} is missing or of the wrong type`, { hint: 'see :Etcd log' });
}
