/** `health`, for `:checkhealth etcd` and `:Etcd health`: what answers at which endpoint, in lines for a report. */
import * as v from 'valibot';
import { asEtcdError, OLD_DATA, type CallOptions } from '../../client/index.js';
import { hintOf } from '../hints.js';
import type { Session } from '../session.js';
import { defineMethod } from './method.js';

export interface HealthLine {
  level: 'ok' | 'warn' | 'error' | 'info';
  text: string;
}

export const health = defineMethod({
  failure: 'cannot check',
  timeout: 'write',
  params: v.object({}),
  run: async (_, { session }, options) => ({ lines: await checkHealth(session, options) }),
});

/** One line for Node and one for each profile. It never throws: a failure is a line. */
async function checkHealth(session: Session, options: CallOptions): Promise<HealthLine[]> {
  const lines: HealthLine[] = [{ level: 'ok', text: `Node ${process.version}, pid ${process.pid}` }];
  for (const profile of ['', ...session.profiles()]) {
    const name = profile === '' ? 'default profile' : `profile ${profile}`;
    const began = performance.now();
    try {
      const client = session.client(profile);
      const { header } = await client.range({ key: '\0', keysOnly: true }, options);
      const ms = (performance.now() - began).toFixed(1);
      lines.push({
        level: 'ok',
        text: `${name}: ${client.endpoint()} answers in ${ms} ms, cluster ${header.clusterId}, revision ${header.revision}`,
      });
      if (await client.hasOldData(header, options)) lines.push({ level: 'warn', text: `${name}: ${OLD_DATA}` });
    } catch (thrown) {
      const error = asEtcdError(thrown);
      const { endpoint = '', code, message } = error;
      if (code === 'permission_denied') {
        const user = session.client(profile).user;
        lines.push({ level: 'ok', text: `${name}: ${endpoint} answers; user ${user} may see parts of it` });
        continue;
      }
      const hint = hintOf(error);
      lines.push({ level: 'error', text: `${name}: ${endpoint} ${message} [${code}]${hint === undefined ? '' : `; ${hint}`}` });
    }
  }
  return lines;
}
