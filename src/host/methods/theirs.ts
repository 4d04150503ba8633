/** `theirs`: the other sides of a conflict, for a diff. */
import * as v from 'valibot';
import type { Revision } from '../../client/index.js';
import { int64, putBase } from '../params.js';
import { rooted } from '../rooted.js';
import { theirs as compare } from '../put.js';
import { documentBeside, type OpenedDocument } from '../documents.js';
import type { ShownValue } from '../value.js';
import { defineMethod } from './method.js';

const params = v.object({
  name: v.string(),
  /** What the buffer was read at. */
  base: v.exactOptional(putBase),
  /** Also give the value as it was then. */
  base_revision: v.exactOptional(int64),
  /** For a document: the cluster that it was read from. */
  read_from: v.exactOptional(v.object({ cluster_id: v.string(), seen: v.string() })),
});
export type Theirs = v.InferOutput<typeof params>;

/** The two other sides of a conflict. */
export interface TheirsDone {
  address: string;
  /** They are of another cluster than `base`. */
  foreign: boolean;
  /** As it is now; null: deleted. */
  theirs: ShownValue | OpenedDocument | null;
  /** null: the key did not exist, or the history is gone; or it is a document. */
  base: { file: string; mod_revision: Revision } | null;
}

export const theirs = defineMethod({
  failure: 'cannot compare',
  timeout: 'read',
  params,
  run(request, { session }, options) {
    const { format, ...address } = rooted(session, session.address(request.name));
    if (format === undefined) return compare(session, request, options);
    return documentBeside(session, { ...address, format }, request.read_from, options.allow('list'));
  },
});
