/** Checks what the editor sent against the protocol: the shape of each method's params, field by field. */
import { EtcdError } from '../etcd/index.js';
import type { Method } from './protocol.js';

type Shape = 'string' | 'number' | 'boolean' | 'object';
type Fields = Readonly<Record<string, Shape | `${Shape}?`>>;

const named: Fields = { name: 'string' };

const shapes: Readonly<Record<Method, Fields>> = {
  hello: { protocol: 'number', dir: 'string' },
  configure: { profiles: 'object' },
  open: { ...named, stream: 'boolean?' },
  more: { ...named, stream: 'number', max: 'number' },
  stop: { stream: 'number' },
  read: named,
  put: { ...named, file: 'string', append: 'boolean?', base: 'object?', force: 'boolean?' },
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
  if (method === 'put' && given['base'] !== undefined) checkBase(given['base'] as Record<string, unknown>);
  if (method === 'configure') checkProfiles(given['profiles'] as Record<string, unknown>);
  return params;
}

function checkBase(base: Record<string, unknown>): void {
  for (const field of ['address', 'mod_revision', 'digest', 'cluster_id']) {
    if (typeof base[field] !== 'string') throw wrong('put', `base.${field}`);
  }
  if (!/^\d+$/.test(base['mod_revision'] as string)) throw wrong('put', 'base.mod_revision');
}

function checkProfiles(profiles: Record<string, unknown>): void {
  for (const [profile, settings] of Object.entries(profiles)) {
    const endpoints = (settings as { endpoints?: unknown } | null)?.endpoints;
    if (!Array.isArray(endpoints) || !endpoints.every((endpoint) => typeof endpoint === 'string')) {
      throw new EtcdError('invalid_value', `g:etcd: endpoints of profile ${JSON.stringify(profile)} must be a list of strings`);
    }
  }
}

function wrong(method: Method, field: string): EtcdError {
  return new EtcdError('internal', `${method}: ${field} is missing or of the wrong type`, { hint: 'see :Etcd log' });
}
