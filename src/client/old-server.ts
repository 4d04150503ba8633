/** An etcd that is older than the JSON gateway at `/v3`: 3.3 has it at `/v3beta`, 3.2 at `/v3alpha`, 2.3 not at all. */
import { parseBody, readBody } from './body.js';
import { EtcdError } from './errors.js';
import type { Reply } from './transport/transport.js';

/** The first version that has `/v3`. */
const FIRST = [3, 4];
/** Bytes. The answer has some fifty. */
const MOST = 4096;

/**
 * @param error what an unknown path was taken for
 * @param ask GET /version, which every etcd answers without a login
 * @returns an error that names the version, if it is an old one; else `error`
 */
export async function tooOld(error: EtcdError, ask: () => Promise<Reply>): Promise<EtcdError> {
  const version = await ask()
    .then(versionOf)
    .catch(() => undefined);
  const [major = 0, minor = 0] = version?.split('.').map(Number) ?? FIRST;
  const isOld = major < (FIRST[0] as number) || (major === FIRST[0] && minor < (FIRST[1] as number));
  if (!isOld) return error;
  const { endpoint, cause } = error;
  return new EtcdError('unsupported', `etcd ${version} answers there, which has no JSON gateway at /v3`, {
    ...(endpoint && { endpoint }),
    cause,
    hint: 'etcd 3.4 is the first one that has it',
  });
}

/** Only a version is ever shown of the answer. */
async function versionOf({ statusCode, chunks }: Reply): Promise<string | undefined> {
  const text = await readBody(chunks, statusCode === 200, '', () => undefined, MOST);
  const { etcdserver } = parseBody<{ etcdserver?: unknown }>(text, '');
  return typeof etcdserver === 'string' && /^\d{1,4}\.\d{1,4}\.\d{1,4}$/.test(etcdserver) ? etcdserver : undefined;
}
