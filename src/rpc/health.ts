/** `:checkhealth etcd`, `:Etcd health`: what answers where, in lines that a report shows. */
import type { EtcdError, CallOptions } from '../etcd/index.js';
import type { HealthLine } from './protocol.js';
import type { Session } from './session.js';

/** One line for Node and one for each profile; never throws, what fails is a line. */
export async function checkHealth(session: Session, options: CallOptions): Promise<HealthLine[]> {
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
    } catch (thrown) {
      const error = thrown as EtcdError;
      if (error.code === 'permission_denied') {
        const user = session.client(profile).user;
        lines.push({ level: 'ok', text: `${name}: ${error.endpoint ?? ''} answers; user ${user} may see parts of it` });
        continue;
      }
      const hint = error.hint === undefined ? '' : `; ${error.hint}`;
      lines.push({ level: 'error', text: `${name}: ${error.endpoint ?? ''} ${error.message} [${error.code}]${hint}` });
    }
  }
  return lines;
}
