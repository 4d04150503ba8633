/** A process for one way to search, so that its memory is its own. It searches once, and says what that took. */
import { request } from 'node:http';
import { createClient, type CallOptions } from '../../src/client/index.js';
import { findKeys, grep } from '../../src/keyspace/search/search.js';
import type { Pattern } from '../../src/keyspace/search/pattern.js';
import { spanBelow } from '../../src/keyspace/subtree.js';

/** In ms; `cpu` is that of this process without its start. But `rss` is the most memory that this process had, in bytes. */
export interface Taken {
  wall: number;
  cpu: number;
  first: number;
  found: number;
  rss: number;
}

export type Way = 'grep' | 'find' | 'range' | 'drain';

const [endpoint = '', way = '', prefix = '', pattern = ''] = process.argv.slice(2);
const client = createClient({ endpoints: [endpoint] });
const options: CallOptions = { budget: 120_000 };
const wanted = patternOf(pattern);
const began = performance.now();
const usedBefore = process.cpuUsage();
let [first, found] = [0, 0];
const count = (more: number): void => {
  first ||= performance.now() - began;
  found += more;
};
const feed = { onFound: (some: unknown[]) => count(some.length), onProgress: () => undefined };

const ways: Record<Way, () => Promise<unknown>> = {
  grep: () => grep(client, { ...spanBelow(prefix), pattern: wanted, max: Infinity }, feed, options),
  find: () => findKeys(client, { ...spanBelow(prefix), pattern: wanted, max: Infinity }, feed, options),
  range: () => {
    const { start: key, end: rangeEnd } = spanBelow(prefix);
    return client.scan({ key, rangeEnd, keysOnly: true }, () => count(1), options);
  },
  drain,
};

function patternOf(text: string): Pattern {
  if (text.startsWith('/')) return { kind: 'regexp', source: text.slice(1, -1), flags: '' };
  return text.includes('*') ? { kind: 'glob', glob: text } : { kind: 'text', text };
}

/** One bare range with the values, and nothing is looked at. It shows what the gateway takes. */
async function drain(): Promise<void> {
  const { start, end } = spanBelow(prefix);
  const [key, rangeEnd] = [start, end].map((bound) => Buffer.from(bound, 'latin1').toString('base64'));
  await new Promise<void>((resolve, reject) => {
    request(`http://${endpoint}/v3/kv/range`, { method: 'POST' }, (answer) => {
      answer.once('data', () => count(0)).on('end', resolve);
    })
      .on('error', reject)
      .end(JSON.stringify({ key, range_end: rangeEnd }));
  });
}

await ways[way as Way]();
const { user, system } = process.cpuUsage(usedBefore);
const taken: Taken = {
  ...{ wall: performance.now() - began, cpu: (user + system) / 1000, first, found },
  rss: process.resourceUsage().maxRSS * 1024,
};
process.stdout.write(JSON.stringify(taken));
process.exit(0);
