/** `merge`: the text of a buffer, merged with what someone else has changed since it was read. */
import * as v from 'valibot';
import { merge as run } from '../merge.js';
import { int64, putBase } from '../params.js';
import type { ShownValue } from '../value.js';
import { defineMethod } from './method.js';

const params = v.object({
  name: v.string(),
  /** The text, in UTF-8. */
  file: v.string(),
  /** What the next write compares with. */
  base: putBase,
  /** The revision of the value that the text was made from. */
  base_revision: int64,
});
export type Merge = v.InferOutput<typeof params>;

export interface MergeDone {
  address: string;
  /** The text that has the changes of both. */
  file: string;
  /** What etcd holds now. A write of that text compares with it. */
  theirs: ShownValue;
}

export const merge = defineMethod({
  failure: 'cannot merge',
  timeout: 'read',
  params,
  run: (request, { session }, options) => run(session, request, options),
});
