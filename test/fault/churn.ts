/** Somebody who changes the keys of a range all the time, directly at etcd, and does not mind if etcd is away. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Inspector } from '../harness/inspector.js';

export interface Churn {
  /** Stops changing until start() is called. */
  stop(): Promise<void>;
  start(): void;
  /** Makes so many more changes, at once. */
  more(count: number): Promise<void>;
}

/** ms from one change to the next: about fifty a second. */
const STEP = 15;
const KEYS = 7;

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** @param etcd asked anew for each change */
export function startChurn(etcd: () => Inspector): Churn {
  let count = 0;
  let isOn = false;
  let running = Promise.resolve();

  /** A put, a delete, or a txn that changes several keys. */
  async function change(): Promise<void> {
    const at = count++;
    const put = (key: number) => ({ key: base64(`/w/${key % KEYS}`), value: base64(`${at}`) });
    if (at % 5 === 4) await etcd().post('/v3/kv/deleterange', { key: base64(`/w/${(at - 2) % KEYS}`) });
    else if (at % 11 === 10) await etcd().post('/v3/kv/txn', { success: [at, at + 1, at + 2].map((key) => ({ request_put: put(key) })) });
    else await etcd().post('/v3/kv/put', put(at));
  }
  async function run(): Promise<void> {
    while (isOn) {
      await change().catch(() => undefined);
      await pause(STEP);
    }
  }
  return {
    async stop() {
      isOn = false;
      await running;
    },
    start() {
      isOn = true;
      running = run();
    },
    async more(wanted) {
      for (let i = 0; i < wanted; i++) await change();
    },
  };
}
