/** `hello`: the first request of an editor. It makes the private directory through which values cross. */
import * as v from 'valibot';
import { EtcdError } from '../../client/index.js';
import { removeOrphans } from '../directory.js';
import { log } from '../log.js';
import { PROTOCOL } from '../protocol.js';
import { defineEarly } from './method.js';

export const hello = defineEarly({
  failure: 'cannot start',
  timeout: 5000,
  always: true,
  params: v.object({
    protocol: v.number(),
    /** The editor's pid, a dash, and the namespace of that pid (Linux; else 0). The private directory belongs to it. */
    owner: v.exactOptional(v.pipe(v.string(), v.regex(/^\d+-\d+$/))),
    /** The private directory that this editor has had so far. */
    dir: v.exactOptional(v.string()),
  }),

  run({ protocol, owner, dir }, { session }) {
    if (protocol !== PROTOCOL) {
      throw new EtcdError('unsupported', `the editor speaks protocol ${protocol}, this build ${PROTOCOL}`, {
        hint: 'restart the editor',
      });
    }
    session.setDirectory(owner ?? `${process.ppid}-0`, dir);
    // By then etcd has been asked, so the first answer does not wait for this.
    setImmediate(() => {
      removeOrphans().catch((thrown: unknown) => log(`what dead editors left was not removed: ${String(thrown)}`));
    });
    return { protocol: PROTOCOL, node: process.version, pid: process.pid, dir: session.bodies().dir };
  },
});
