/** -cache: the last answer of etcd, for when etcd cannot be reached. */
import { readFileSync, statSync } from 'node:fs';
import type { Key, KeyValue } from '../client/index.js';
import type { Reading } from '../env/read.js';
import { replaceFile } from './files.js';

interface Stored {
  /** The keys that were asked for, because another question has another answer. */
  keys: Key[];
  cluster: string;
  revision: string;
  /** ms since 1970. */
  at: number;
  sources: { key: Key; prefix: Key; kvs: (Omit<KeyValue, 'value'> & { value: string })[] }[];
}

/** @throws Failure */
export function store(file: string, keys: Key[], { header, sources }: Reading, now: number): void {
  const stored: Stored = {
    keys,
    cluster: header.clusterId,
    revision: header.revision,
    at: now,
    sources: sources.map((source) => ({ ...source, kvs: source.kvs.map((kv) => ({ ...kv, value: kv.value.toString('base64') })) })),
  };
  const text = JSON.stringify(stored);
  replaceFile(file, Buffer.from(`${digest(text)}\n${text}\n`));
}

/**
 * @param maxAge ms; by default any age
 * @returns what was stored, or in words why it cannot be used
 */
export function recall(file: string, keys: readonly Key[], now: number, maxAge = Infinity): (Reading & { age: number }) | string {
  let text: string;
  try {
    const stat = statSync(file);
    if (stat.uid !== process.getuid?.() || (stat.mode & 0o077) !== 0) return `${file} is not for you alone`;
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    return `${file} cannot be read (${(thrown as NodeJS.ErrnoException).code ?? 'unknown'})`;
  }
  const [checksum, json = ''] = text.split('\n');
  if (checksum !== digest(json)) return `${file} is damaged`;
  const stored = JSON.parse(json) as Stored;
  if (JSON.stringify(stored.keys) !== JSON.stringify(keys)) return `${file} is of other keys`;
  const age = now - stored.at;
  if (age > maxAge || age < 0) return `${file} is too old`;
  const sources = stored.sources.map((source) => ({ ...source, kvs: source.kvs.map(revived) }));
  return { header: { clusterId: stored.cluster, revision: stored.revision }, sources, age };
}

function revived(kv: Stored['sources'][number]['kvs'][number]): KeyValue {
  return { ...kv, value: Buffer.from(kv.value, 'base64') };
}

function digest(text: string): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex');
}
