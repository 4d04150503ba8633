/** `preview`: what a put would change, for a user who is asked before it is sent. Writes nothing. */
import type { InferOutput } from 'valibot';
import { written, type PutBase } from '../params.js';
import { previewPut } from '../preview.js';
import { defineMethod } from './method.js';

export type PreviewPut = InferOutput<typeof written>;

/** What a put of `file` would change. */
export interface Preview {
  address: string;
  /** Hunks of a unified diff from the value that is there now; empty if nothing would change. */
  file: string;
  /** Neither value has NUL: the hunks are text. */
  text: boolean;
  /**
   * The profile, a rule of it, or the lease of the key wants a question, and the put would write. It would not after a conflict, to
   * another cluster, or if nothing has changed: that is `put`'s to tell.
   */
  ask: boolean;
  /** Nobody knows whether there is a reason to ask: if nobody can be asked it is written. */
  doubt: boolean;
  /** Somebody holds the key by that lease, or may: who says yes is asked about that as well. */
  held?: { lease: string; why: string };
  /** What is to be known before one says yes, a line each. */
  notes: string[];
  /** Of the value that is there now: what the put compares with, once it was shown. */
  base: PutBase;
}

export const preview = defineMethod({
  failure: 'cannot write',
  timeout: 'write',
  params: written,
  run: (request, { session }, options) => previewPut(session, request, options),
});
