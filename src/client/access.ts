/** Who may read and write what: whether etcd asks for a login at all, and the roles that the user may look at. */
import { fieldsOf, flagOf, listOf, textOf } from './decoders.js';
import { isEtcdError } from './errors.js';
import { readRole, type Call, type Permission } from './roles.js';

export type { Permission } from './roles.js';

export interface Role {
  name: string;
  permissions: Permission[];
}

export interface Access {
  /** Whether a login is needed; undefined if nobody says so. */
  enabled: boolean | undefined;
  /** At most {@link MOST_ROLES}. */
  roles: Role[];
  /** Whether `roles` are all the roles there are. If not, they are only the user's own, or the first ones. */
  whole: boolean;
}

/** Each is a request of its own. */
const MOST_ROLES = 50;

/** @param user '' if requests are made without a login */
export async function readAccess(call: Call, user: string): Promise<Access> {
  const enabled = await isEnabled(call, user);
  if (enabled === false) return { enabled, roles: [], whole: true };
  const all = await rolesOf(call, '/v3/auth/role/list', {}).catch((thrown: unknown) => {
    if (isEtcdError(thrown, 'permission_denied', 'unauthenticated')) return undefined;
    throw thrown;
  });
  const names = all ?? (user === '' ? [] : await rolesOf(call, '/v3/auth/user/get', { name: user }));
  const read = names.slice(0, MOST_ROLES).map(async (name) => ({ name, permissions: await readRole(call, name) }));
  return { enabled, roles: await Promise.all(read), whole: all !== undefined && all.length <= MOST_ROLES };
}

/** Older servers than 3.5 do not know this question. If auth is on, only root may ask it. */
async function isEnabled(call: Call, user: string): Promise<boolean | undefined> {
  const decode = (raw: unknown): boolean => flagOf(fieldsOf(raw, 'status')['enabled'], 'enabled');
  try {
    return (await call({ path: '/v3/auth/status', body: {}, decode })).answer;
  } catch (thrown) {
    if (isEtcdError(thrown, 'permission_denied', 'unauthenticated')) return true;
    if (isEtcdError(thrown, 'unsupported', 'not_found')) return user === '' ? false : undefined;
    throw thrown;
  }
}

async function rolesOf(call: Call, path: string, body: object): Promise<string[]> {
  const decode = (raw: unknown): string[] => listOf(fieldsOf(raw, 'roles')['roles'], 'roles').map((role) => textOf(role, 'role'));
  return (await call({ path, body, decode })).answer;
}
