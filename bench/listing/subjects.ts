/** What lists one level, each in its own way: ours, the floor, and what others do. Each gives the number of children it found. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { Pool } from 'undici';
import { createClient } from '../../src/etcd/index.js';
import { listLevel, type Hints } from '../../src/keyspace/listing.js';

export interface Place {
  /** `host:port` */
  endpoint: string;
  prefix: string;
  children: number;
  etcdctl: string;
  /** Where the package etcd3 is installed. */
  etcd3: string;
}

export type Subject = (place: Place) => Promise<{ list: () => Promise<number>; close: () => Promise<void> | void }>;

const encode = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const endOf = (prefix: string): string => `${prefix.slice(0, -1)}0`;
const options = { budget: 120_000 };

function childrenOf(keys: Iterable<string>, prefix: string): number {
  const names = new Set<string>();
  for (const key of keys) {
    const slash = key.indexOf('/', prefix.length);
    names.add(slash < 0 ? key.slice(prefix.length) : key.slice(prefix.length, slash + 1));
  }
  return names.size;
}

interface Answer {
  kvs?: { key: string }[];
  count?: string;
}

function openPool({ endpoint }: Place) {
  const pool = new Pool(`http://${endpoint}`, { connections: 1, headersTimeout: 0, bodyTimeout: 0 });
  return {
    async range(body: object): Promise<Answer> {
      const answer = await pool.request({ path: '/v3/kv/range', method: 'POST', body: JSON.stringify(body) });
      return JSON.parse(await answer.body.text()) as Answer;
    },
    close: () => pool.close(),
  };
}

export const subjects = {
  async ours({ endpoint, prefix }) {
    const client = createClient({ endpoints: [endpoint] });
    const list = async (): Promise<number> => (await listLevel(client, { prefix }, options)).names.length;
    return Promise.resolve({ list, close: () => client.close() });
  },

  /** Each listing has the hints of the one before. */
  async hints({ endpoint, prefix }) {
    const client = createClient({ endpoints: [endpoint] });
    let hints: Hints | undefined = (await listLevel(client, { prefix }, options)).hints;
    const list = async (): Promise<number> => {
      const level = await listLevel(client, { prefix, ...(hints && { hints }) }, options);
      hints = level.hints;
      return level.names.length;
    };
    return { list, close: () => client.close() };
  },

  /** The count of everything, and one range of as many keys as there are children. */
  async floor(place) {
    const { range, close } = openPool(place);
    const whole = { key: encode(place.prefix), range_end: encode(endOf(place.prefix)), keys_only: true };
    const first = (await range({ ...whole, limit: String(place.children) })).kvs ?? [];
    const last = first.at(-1)?.key;
    const exact = {
      ...whole,
      ...(last && { range_end: Buffer.concat([Buffer.from(last, 'base64'), Buffer.alloc(1)]).toString('base64') }),
    };
    async function list(): Promise<number> {
      await range({ ...whole, count_only: true });
      return (await range(exact)).kvs?.length ?? 0;
    }
    return { list, close };
  },

  /** One range of everything below, parsed. */
  async full(place) {
    const { range, close } = openPool(place);
    async function list(): Promise<number> {
      const { kvs = [] } = await range({ key: encode(place.prefix), range_end: encode(endOf(place.prefix)), keys_only: true });
      return childrenOf(
        kvs.map(({ key }) => Buffer.from(key, 'base64').toString('latin1')),
        place.prefix,
      );
    }
    return Promise.resolve({ list, close });
  },

  async etcd3({ endpoint, prefix, etcd3 }) {
    interface Peer {
      getAll(): { prefix(prefix: string): { keys(): Promise<string[]> } };
      close(): void;
    }
    const { Etcd3 } = createRequire(`${etcd3}/package.json`)('etcd3') as { Etcd3: new (options: object) => Peer };
    const limits = { 'grpc.max_receive_message_length': -1 };
    const client = new Etcd3({ hosts: [`http://${endpoint}`], grpcOptions: limits });
    const list = async (): Promise<number> => childrenOf(await client.getAll().prefix(prefix).keys(), prefix);
    return Promise.resolve({ list, close: () => client.close() });
  },

  async etcdctl({ endpoint, prefix, etcdctl }) {
    const env = { ETCDCTL_API: '3' };
    const args = ['--endpoints', endpoint, '--command-timeout=120s', 'get', '--prefix', '--keys-only', prefix];
    const list = (): Promise<number> =>
      new Promise((resolve, reject) => {
        execFile(etcdctl, args, { env, maxBuffer: 1 << 30, encoding: 'latin1' }, (error, text) => {
          if (error) reject(new Error(error.message.slice(0, 300)));
          else
            resolve(
              childrenOf(
                text.split('\n').filter((line) => line !== ''),
                prefix,
              ),
            );
        });
      });
    return Promise.resolve({ list, close: () => undefined });
  },
} satisfies Record<string, Subject>;

export type SubjectName = keyof typeof subjects;
