/** `preview`: what a put would change, for a user who is asked before it is sent. It writes nothing. */
import type { InferOutput } from 'valibot';
import { written, type PutBase } from '../params.js';
import { previewPut } from '../preview.js';
import { defineMethod } from './method.js';

export type PreviewPut = InferOutput<typeof written>;

/** What a put of `file` would change. */
export interface Preview {
  address: string;
  /** The file with the hunks of a unified diff from the value that is there now; empty if nothing would change. */
  file: string;
  /** Neither value has NUL, so the hunks are text. */
  text: boolean;
  /**
   * The profile, one of its rules, or the lease of the key wants a question, and the put would write. It would not write after a
   * conflict, to another cluster, or if nothing has changed; then `put` says so.
   */
  ask: boolean;
  /** It is not known whether there is a reason to ask. If nobody can be asked, it is written. */
  doubt: boolean;
  /** Somebody holds the key by that lease, or may hold it. The user is asked about that, too. */
  held?: { lease: string; why: string };
  /** What the user should know before saying yes, a line each. */
  notes: string[];
  /** The base of the value that is there now. The put compares with it after it was shown. */
  base: PutBase;
}

export const preview = defineMethod({
  failure: 'cannot write',
  timeout: 'write',
  params: written,
  run: (request, { session }, options) => previewPut(session, request, options),
});
