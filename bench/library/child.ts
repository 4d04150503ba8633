/**
 * One measurement with one of the two packages, in a process of its own. Its arguments are PACKAGE MEASURE ENDPOINT REVISION FOLDER. It
 * prints the ms of the work, and the memory of the process at its end, in bytes. The package is the one that is installed in FOLDER.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type * as Ours from '../../src/library/index.js';

/** The work that both packages do. */
interface Subject {
  get(key: string): Promise<unknown>;
  put(key: string, value: string): Promise<unknown>;
  /** @returns how many have a value */
  all(prefix: string): Promise<number>;
  /** Until so many events were told, from that revision on. */
  events(prefix: string, from: string, wanted: number): Promise<void>;
  /** Takes the lock and gives it back. */
  lock(key: string): Promise<void>;
  end(): unknown;
}

/** The parts of etcd3 that we use. */
interface Peer {
  Etcd3: new (options: { hosts: string }) => {
    get(key: string): { buffer(): Promise<Buffer | null> };
    put(key: string): { value(value: string): Promise<unknown> };
    getAll(): { prefix(prefix: string): { buffers(): Promise<Record<string, Buffer>> } };
    watch(): { prefix(prefix: string): { startRevision(revision: string): { create(): Promise<Watcher> } } };
    lock(key: string): { acquire(): Promise<unknown>; release(): Promise<unknown> };
    close(): void;
  };
}

interface Watcher {
  on(event: 'put', listener: () => void): void;
  cancel(): Promise<void>;
}

const [name = '', measure = '', endpoint = '', revision = '', folder = ''] = process.argv.slice(2);

const packages: Record<string, () => Subject | Promise<Subject>> = {
  async ours() {
    const path = pathToFileURL(`${folder}/node_modules/etcd.vim/dist/client.mjs`).href;
    const { createClient } = (await import(path)) as typeof Ours;
    const etcd = createClient({ endpoints: endpoint });
    return {
      get: (key) => etcd.get(key),
      put: (key, value) => etcd.put(key, value),
      async all(prefix) {
        let count = 0;
        for await (const { value } of etcd.entries({ prefix })) count += value.length > 0 ? 1 : 0;
        return count;
      },
      async events(prefix, from, wanted) {
        let count = 0;
        for await (const item of etcd.watch({ prefix }, { from })) {
          if (item.type === 'events') count += item.events.length;
          if (count >= wanted) return;
        }
      },
      async lock(key) {
        await (await etcd.lock(key)).release();
      },
      end: () => etcd.close(),
    };
  },
  etcd3() {
    const { Etcd3 } = createRequire(`${folder}/package.json`)('etcd3') as Peer;
    const etcd = new Etcd3({ hosts: `http://${endpoint}` });
    return {
      get: (key) => etcd.get(key).buffer(),
      put: (key, value) => etcd.put(key).value(value),
      all: async (prefix) => Object.values(await etcd.getAll().prefix(prefix).buffers()).filter((value) => value.length > 0).length,
      async events(prefix, from, wanted) {
        let count = 0;
        const watcher = await etcd.watch().prefix(prefix).startRevision(from).create();
        await new Promise<void>((resolve) => watcher.on('put', () => (++count === wanted ? resolve() : undefined)));
        await watcher.cancel();
      },
      async lock(key) {
        const lock = etcd.lock(key);
        await lock.acquire();
        await lock.release();
      },
      end: () => etcd.close(),
    };
  },
};

const times = async (count: number, work: (i: number) => Promise<unknown>): Promise<void> => {
  for (let i = 0; i < count; i++) await work(i);
};

const measures: Record<string, (it: Subject) => Promise<unknown>> = {
  start: (it) => it.get('/r/1'),
  get: (it) => times(1000, (i) => it.get(`/r/${i}`)),
  put: (it) => times(1000, (i) => it.put(`/p/${i}`, 'x'.repeat(100))),
  async range(it) {
    const found = await it.all('/r/');
    if (found !== 10_000) throw new Error(`${found} keys`);
  },
  watch: (it) => it.events('/r/', revision, 10_000),
  locks: (it) => times(100, () => it.lock('/lock')),
};

const began = performance.now();
const it = await (packages[name] as () => Promise<Subject>)();
// It is connected, like a program that runs; but the start is measured as a whole.
if (measure !== 'start') await it.get('/none');
const from = measure === 'start' ? began : performance.now();
await measures[measure]?.(it);
const ms = performance.now() - from;
process.stdout.write(JSON.stringify({ ms, rss: process.memoryUsage().rss }));
await it.end();
process.exit();
