/** An etcd of one key space in memory, with the parts that plans need: ranges, and txns of any size. */
import {
  TO_THE_END,
  type Client,
  type Compare,
  type Key,
  type KeyValue,
  type Operation,
  type Range,
  type TxnRequest,
} from '../../../../src/client/index.js';
import { planTxn } from '../../../../src/keyspace/write/plan-txn.js';
import type { Plan } from '../../../../src/keyspace/write/plan.js';

export interface Memory {
  client: Client;
  /** The value of each key. */
  tree(): Map<Key, string>;
  put(key: Key, value: string, lease?: string): void;
  /** @returns whether it was done */
  apply(plan: Plan): boolean;
  revision(): string;
}

export function openMemory(keys: Iterable<[Key, string]> = []): Memory {
  const kvs = new Map<Key, KeyValue>();
  let revision = 1;
  const header = () => ({ clusterId: '1', revision: String(revision) });

  function found({ key, rangeEnd, limit = Infinity }: Range): { kvs: KeyValue[]; count: number; more: boolean } {
    const isIn = (other: Key): boolean =>
      rangeEnd === undefined ? other === key : other >= key && (rangeEnd === TO_THE_END || other < rangeEnd);
    const all = [...kvs.values()].filter((kv) => isIn(kv.key)).sort((a, b) => (a.key < b.key ? -1 : 1));
    return { kvs: all.slice(0, limit), count: all.length, more: all.length > limit };
  }

  function holds(compare: Compare): boolean {
    const there = found(compare).kvs;
    const of = (kv?: KeyValue): string =>
      (compare.target === 'MOD' ? kv?.modRevision : compare.target === 'CREATE' ? kv?.createRevision : kv?.version) ?? '0';
    const wanted = 'modRevision' in compare ? compare.modRevision : 'createRevision' in compare ? compare.createRevision : '';
    const other = 'version' in compare ? compare.version : wanted;
    const isMet = (kv?: KeyValue): boolean => (compare.result === 'LESS' ? BigInt(of(kv)) < BigInt(other) : of(kv) === other);
    return there.length === 0 ? isMet() : there.every(isMet);
  }

  function store(key: Key, value: Buffer, lease = '0'): void {
    const before = kvs.get(key);
    const at = { createRevision: before?.createRevision ?? String(revision), modRevision: String(revision) };
    kvs.set(key, { key, value, lease, ...at, version: String(Number(before?.version ?? 0) + 1) });
  }

  function doOne(operation: Operation): object {
    if (operation.op === 'range') return { op: 'range', ...found(operation) };
    if (operation.op === 'put')
      store(operation.key, operation.value, operation.ignoreLease ? kvs.get(operation.key)?.lease : operation.lease);
    if (operation.op === 'delete') for (const { key } of found(operation).kvs) kvs.delete(key);
    return { op: operation.op };
  }

  function txn({
    compare = [],
    then,
    else: otherwise = [],
  }: {
    compare?: readonly Compare[];
    then: readonly Operation[];
    else?: readonly Operation[];
  }) {
    const succeeded = compare.every(holds);
    if (succeeded && then.some(({ op }) => op !== 'range')) revision++;
    return { header: header(), succeeded, answers: (succeeded ? then : otherwise).map(doOne) };
  }

  const client = {
    user: '',
    endpoint: () => 'http://there',
    range: (request: Range) => Promise.resolve({ header: header(), ...found(request), stale: false }),
    txn: (request: Parameters<typeof txn>[0]) => Promise.resolve(txn(request)),
  };
  const memory: Memory = {
    client: client as unknown as Client,
    tree: () => new Map([...kvs.values()].map(({ key, value }) => [key, value.toString()])),
    put: (key, value, lease) => {
      revision++;
      store(key, Buffer.from(value), lease);
    },
    apply: (plan) => txn(planTxn(plan, Infinity) as TxnRequest).succeeded,
    revision: () => String(revision),
  };
  for (const [key, value] of keys) memory.put(key, value);
  return memory;
}
