/** Checks what the editor sent against the protocol: the shape of each method's params, field by field. */
import { EtcdError } from '../etcd/index.js';
import type { Method } from './protocol.js';
import { checkProfiles } from './settings.js';

type Shape = 'string' | 'number' | 'boolean' | 'object';
type Fields = Readonly<Record<string, Shape | `${Shape}?`>>;

const named: Fields = { name: 'string' };

const shapes: Readonly<Record<Method, Fields>> = {
  hello: { protocol: 'number', owner: 'string?', dir: 'string?' },
  configure: { profiles: 'object', use: 'string?', letters: 'string?' },
  open: { ...named, stream: 'boolean?', list: 'number?' },
  more: { ...named, stream: 'number', max: 'number' },
  stop: { stream: 'number' },
  read: named,
  put: { ...named, file: 'string', append: 'boolean?', base: 'object?', force: 'boolean?' },
  theirs: { ...named, base: 'object?', base_revision: 'string?' },
  login: { profile: 'string', what: 'string', secret: 'string' },
  status: { profile: 'string' },
  preview: { ...named, file: 'string', append: 'boolean?', base: 'object?' },
  complete: { text: 'string', max: 'number', shadow: 'boolean?' },
  canonical: named,
  warm: {},
  health: {},
  log: {},
};

/** @throws EtcdError internal: only a bug of ours sends wrong params */
export function checkParams(method: Method, params: unknown): unknown {
  if (typeof params !== 'object' || params === null) throw wrong(method, 'params');
  const given = params as Record<string, unknown>;
  for (const [field, shape] of Object.entries(shapes[method])) {
    const value = given[field];
    const optional = shape.endsWith('?');
    if (optional && value === undefined) continue;
    if (value === null || typeof value !== shape.replace('?', '')) throw wrong(method, field);
  }
  if ((method === 'put' || method === 'preview' || method === 'theirs') && given['base'] !== undefined)
    checkBase(given['base'] as Record<string, unknown>);
  if (method === 'theirs' && given['base_revision'] !== undefined) checkRevision(method, 'base_revision', given['base_revision']);
  if (method === 'login' && given['what'] !== 'password' && given['what'] !== 'passphrase') throw wrong(method, 'what');
  if (method === 'hello' && given['owner'] !== undefined && !/^\d+-\d+$/.test(given['owner'] as string)) throw wrong(method, 'owner');
  if (method === 'configure') checkProfiles(given['profiles'] as Record<string, unknown>);
  return params;
}

function checkBase(base: Record<string, unknown>): void {
  for (const field of ['address', 'mod_revision', 'digest', 'cluster_id']) {
    if (typeof base[field] !== 'string') throw wrong('put', `base.${field}`);
  }
  checkRevision('put', 'base.mod_revision', base['mod_revision']);
  if (base['seen'] !== undefined && typeof base['seen'] !== 'string') throw wrong('put', 'base.seen');
  for (const field of ['create_revision', 'version', 'lease']) {
    if (base[field] !== undefined) checkRevision('put', `base.${field}`, base[field]);
  }
}

function checkRevision(method: Method, field: string, value: unknown): void {
  if (typeof value !== 'string' || !/^-?\d+$/.test(value)) throw wrong(method, field);
}

function wrong(method: Method, field: string): EtcdError {
  return new EtcdError('internal', `${method}: ${field} is missing or of the wrong type`, { hint: 'see :Etcd log' });
}
