/** An etcd of one key space in memory, for what cannot be had for real: any key set in no time, and every reply chosen. */
import { EtcdError, type Client, type Key, type RangeAnswer } from '../../src/etcd/index.js';

export interface Model {
  client: Client;
  requests: number;
}

/** @param keys any order; all at revision '10' */
export function modelOf(keys: Iterable<Key>): Model {
  const sorted = [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1));
  const model: Model = {
    requests: 0,
    client: {
      range(request) {
        model.requests++;
        if (request.key === '') throw new EtcdError('invalid_address', 'key is not provided');
        const { rangeEnd } = request;
        const inside = sorted.filter((key) =>
          rangeEnd === undefined ? key === request.key : key >= request.key && (rangeEnd === '\0' || key < rangeEnd),
        );
        const kvs = inside.slice(0, request.limit ?? inside.length).map((key) => ({
          key,
          value: Buffer.alloc(0),
          createRevision: '1',
          modRevision: '1',
          version: '1',
          lease: '0',
        }));
        const answer: RangeAnswer = {
          header: { clusterId: '1', revision: '10' },
          kvs,
          count: inside.length,
          more: kvs.length < inside.length,
          stale: false,
        };
        return Promise.resolve(answer);
      },
      compareAndPut: () => Promise.reject(new Error('the model is read-only')),
      leaseTtl: () => Promise.resolve(-1),
      readable: () => Promise.reject(new Error('the model has no users')),
      status: () => Promise.reject(new Error('the model has no members')),
      user: '',
      endpoint: () => 'model',
      close: () => Promise.resolve(),
    },
  };
  return model;
}

/** The names one level below `prefix`, by definition: every key looked at. */
export function namesByDefinition(keys: Iterable<Key>, prefix: Key, partial: Key = ''): Key[] {
  const names = new Set<Key>();
  for (const key of [...keys].sort((a, b) => (a < b ? -1 : 1))) {
    if (!key.startsWith(prefix + partial)) continue;
    const slash = key.indexOf('/', prefix.length);
    names.add(slash < 0 ? key.slice(prefix.length) : key.slice(prefix.length, slash + 1));
  }
  return [...names];
}
