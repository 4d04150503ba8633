/** Users and roles for a test: root, and alice, who may do what she is granted. */
import type { Inspector } from './inspector.js';

export interface Grant {
  type: 'READ' | 'WRITE' | 'READWRITE';
  key: string;
  /** If absent, only that key. */
  rangeEnd?: string;
}

export const ROOT = { user: 'root', password: 'root password' };
export const ALICE = { user: 'alice', password: 'alice "äöü" $HOME' };

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

async function ask(inspector: Inspector, path: string, body: object): Promise<void> {
  const { status, body: answer } = await inspector.post(path, body);
  if (status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`);
}

/** Turns auth on; from then on the inspector needs a login. */
export async function enableAuth(inspector: Inspector, grants: Grant[]): Promise<void> {
  for (const { user, password } of [ROOT, ALICE]) await ask(inspector, '/v3/auth/user/add', { name: user, password });
  for (const [user, role] of Object.entries({ root: 'root', alice: 'app' })) {
    await ask(inspector, '/v3/auth/role/add', { name: role });
    await ask(inspector, '/v3/auth/user/grant', { user, role });
  }
  for (const grant of grants) await addGrant(inspector, grant);
  await ask(inspector, '/v3/auth/enable', {});
}

/** Gives alice one permission more. */
export async function addGrant(inspector: Inspector, { type, key, rangeEnd }: Grant): Promise<void> {
  const perm = { permType: type, key: base64(key), ...(rangeEnd !== undefined && { range_end: base64(rangeEnd) }) };
  await ask(inspector, '/v3/auth/role/grant', { name: 'app', perm });
}

/** Changes a password, and so ends every token of that user. */
export async function changePassword(inspector: Inspector, user: string, password: string): Promise<void> {
  await ask(inspector, '/v3/auth/user/changepw', { name: user, password });
}
