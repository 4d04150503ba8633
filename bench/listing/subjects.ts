/** The programs that list one level, each in its own way: ours, the floor, and others. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { Pool } from 'undici';
import { createClient } from '../../src/client/index.js';
import { listLevel, type Hints } from '../../src/keyspace/listing/level.js';
import { childOf } from '../../src/keyspace/listing/names.js';

/** What the subjects need to run. */
export interface Means {
  /** child.ts, in the form that Node runs. */
  program: string;
  /** If absent, that subject is left out. */
  etcdctl: string | undefined;
  /** The folder where the package etcd3 is installed. */
  etcd3: string;
}

export interface Place extends Means {
  /** `host:port` */
  endpoint: string;
  prefix: string;
  children: number;
}

/** Lists once. It gives the number of children that were found. */
export type List = () => Promise<number>;

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const options = { budget: 120_000 };

function childrenOf(keys: readonly string[], prefix: string): number {
  return new Set(keys.map((key) => childOf(prefix, key))).size;
}

interface Answer {
  kvs?: { key: string }[];
}

/** Ranges below the prefix. */
function openRange({ endpoint, prefix }: Place): (more: object) => Promise<{ key: string }[]> {
  const pool = new Pool(`http://${endpoint}`, { connections: 1, headersTimeout: 0, bodyTimeout: 0 });
  const whole = { key: base64(prefix), range_end: base64(`${prefix.slice(0, -1)}0`), keys_only: true };
  return async (more) => {
    const answer = await pool.request({ path: '/v3/kv/range', method: 'POST', body: JSON.stringify({ ...whole, ...more }) });
    return (JSON.parse(await answer.body.text()) as Answer).kvs ?? [];
  };
}

/** Each listing of `again` has the hints of the one before. */
function openOurs({ endpoint, prefix }: Place, again: boolean): List {
  const client = createClient({ endpoints: [endpoint] });
  let hints: Hints | undefined;
  return async () => {
    const level = await listLevel(client, { prefix, ...(again && hints && { hints }) }, options);
    hints = level.hints;
    return level.names.length;
  };
}

export const subjects = {
  ours: (place) => Promise.resolve(openOurs(place, false)),

  async again(place) {
    const list = openOurs(place, true);
    await list();
    return list;
  },

  /** The count of everything, and one range of as many keys as there are children. */
  async floor(place) {
    const range = openRange(place);
    const last = (await range({ limit: String(place.children) })).at(-1)?.key ?? '';
    const end = Buffer.concat([Buffer.from(last, 'base64'), Buffer.alloc(1)]).toString('base64');
    return async () => {
      await range({ count_only: true });
      return (await range({ range_end: end })).length;
    };
  },

  /** One range of everything below, parsed. */
  full(place) {
    const range = openRange(place);
    return Promise.resolve(async () => {
      const keys = await range({});
      return childrenOf(
        keys.map(({ key }) => Buffer.from(key, 'base64').toString('latin1')),
        place.prefix,
      );
    });
  },

  etcd3({ endpoint, prefix, etcd3 }) {
    type Peer = new (options: object) => { getAll(): { prefix(prefix: string): { keys(): Promise<string[]> } } };
    const { Etcd3 } = createRequire(`${etcd3}/package.json`)('etcd3') as { Etcd3: Peer };
    const client = new Etcd3({ hosts: [`http://${endpoint}`], grpcOptions: { 'grpc.max_receive_message_length': -1 } });
    return Promise.resolve(async () => childrenOf(await client.getAll().prefix(prefix).keys(), prefix));
  },

  etcdctl({ endpoint, prefix, etcdctl = 'etcdctl' }) {
    const args = ['--endpoints', endpoint, '--command-timeout=120s', 'get', '--prefix', '--keys-only', prefix];
    return Promise.resolve(async () => {
      const { stdout } = await promisify(execFile)(etcdctl, args, { env: { ETCDCTL_API: '3' }, maxBuffer: 1 << 30, encoding: 'latin1' });
      return childrenOf(
        stdout.split('\n').filter((line) => line !== ''),
        prefix,
      );
    });
  },
} satisfies Record<string, (place: Place) => Promise<List>>;

export type SubjectName = keyof typeof subjects;
