/** `put`: writes a value, if the key still is as the buffer was read. */
import type { InferOutput } from 'valibot';
import type { Revision } from '../../client/index.js';
import { written } from '../params.js';
import { put as write } from '../put.js';
import { defineMethod } from './method.js';

export type Put = InferOutput<typeof written>;

export interface PutDone {
  address: string;
  bytes: number;
  mod_revision: Revision;
  /** These three are set if anything was sent. */
  create_revision?: Revision;
  version?: string;
  lease?: string;
  digest: string;
  cluster_id: string;
  /** As in Opened; absent if nothing was sent, and the base had none. */
  seen?: string;
  created: boolean;
  /** The bytes are those that were read, so nothing was sent. */
  unchanged: boolean;
  /** If unchanged: the key's revision now, if that is another one; '0': it was deleted. */
  now_revision?: Revision;
  /** If unchanged: why etcd could not be asked for that. */
  unasked?: string;
  /** The value is JSON. */
  json: boolean;
  /** The value that was read was JSON, and this one is not: why, and where. */
  broken?: string;
}

export const put = defineMethod({
  failure: 'cannot write',
  timeout: 'write',
  params: written,
  async run(request, { session, listings, journal }, options) {
    const done = await write(session, listings, request, options);
    if (!done.unchanged) journal.addPut(session.address(done.address), { clusterId: done.cluster_id, revision: done.mod_revision });
    return done;
  },
});
