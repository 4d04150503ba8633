/** Moves and copies keys and prefixes, in one cluster or between two. */
import { EtcdError, type CallOptions, type Client, type Header, type Key, type KeyValue } from '../../client/index.js';
import { encodeKey, encodeSegments } from '../address.js';
import { readSubtree } from '../subtree.js';
import { decidedOn, type Guard, type Plan, type PutStep, type Step } from '../write/plan.js';
import { readKeys, type ReadAt } from '../write/read-keys.js';
import type { RemoveTarget } from './remove.js';
import { absent, spanOf, targetOf, type Target } from './target.js';

export interface RenameRequest {
  /** At least one. */
  from: readonly RemoveTarget[];
  /** If it is a prefix, the keys go below it. For a single source prefix it is the new name. */
  to: Target;
  /** The sources stay. */
  copy: boolean;
  /** Overwrite keys that exist. */
  force: boolean;
  /** What a source is called, if it is in another cluster than the target. */
  sourceName?: (key: Key) => string;
}

/** @see renamePlan */
export interface RenamePlans {
  /** For the cluster of the target. Within one cluster it is the whole plan. */
  target: Plan;
  /** Between two clusters: what is deleted in that of the sources, after `target` was done. */
  source?: Plan;
}

/** One key, and where it goes. */
interface Move {
  kv: KeyValue;
  to: Key;
}

/**
 * @param clients that of the sources, and that of the target; they may be the same
 * @throws EtcdError not_found for a source that does not exist; invalid_address for a name that is both a key and a prefix, or is
 * inside itself or inside another source; conflict for a target that exists; permission_denied if roles hide a part of the sources; and
 * the client's
 */
export async function renamePlan(
  clients: { source: Client; target: Client },
  request: RenameRequest,
  options: CallOptions,
): Promise<RenamePlans> {
  const { source, target } = clients;
  const isOne = source === target;
  const sources: Target[] = [];
  for (const from of request.from) sources.push(from.exact ? from : await targetOf(source, from, options));
  refuseNested(sources);
  const reading = await readSources(source, sources, options);
  const moves = sources.flatMap((from, i) => movesOf(from, request, sources.length, reading.kvs[i] as KeyValue[]));
  const seen = isOne ? reading.header : undefined;
  const guards = guardsOf(request, sources, moves);
  const there = await readThere(target, moves, guards[0], seen, options);
  // Two profiles may lead to one cluster.
  const isSame = reading.header.clusterId === there.header.clusterId;
  if (isSame) for (const from of sources) refuseInside(from, moves, request.copy);
  const steps = putsOf(moves, there.found, request, { isOne, isSame });
  if (!request.force) refuseExisting(target, steps, request.copy || !isOne ? new Set() : new Set(moves.map(({ kv }) => kv.key)));
  const deletes = request.copy ? [] : deletesOf(sources, moves, isOne, reading);
  if (there.first !== undefined) throw inhabited(target, there.first);
  const plan: Plan = { steps: isOne ? [...steps, ...deletes] : steps, seen: there.header, ...(guards.length > 0 && { guards }) };
  return { target: plan, ...(!isOne && deletes.length > 0 && { source: { steps: deletes, seen: reading.header } }) };
}

/** If one source lies inside another, nobody knows whether it goes along with that or beside it. */
function refuseNested(sources: readonly Target[]): void {
  for (const [i, { kind, key }] of sources.entries()) {
    const outer = sources.find((it, j) => i !== j && (it.kind === 'prefix' ? key.startsWith(it.key) : it.kind === kind && it.key === key));
    if (!outer) continue;
    const isTwice = outer.kind === kind && outer.key === key;
    const why = isTwice ? 'is named twice' : `is inside ${encodeSegments(outer.key)}, which is named too`;
    throw new EtcdError('invalid_address', `${encodeSegments(key)} ${why}`, {
      hint: isTwice ? 'name it once' : 'give one command for each',
    });
  }
}

interface Reading {
  header: Header;
  /** The keys of each source. */
  kvs: KeyValue[][];
}

/** Reads all sources at one revision. */
async function readSources(client: Client, sources: readonly Target[], options: CallOptions): Promise<Reading> {
  const kvs: KeyValue[][] = [];
  let header: Header | undefined;
  for (const source of sources) {
    const { start, end } = spanOf(source);
    const pinned = header && { revision: header.revision, clusterId: header.clusterId };
    const own: KeyValue[] = [];
    for await (const page of readSubtree(client, { start, end, ...pinned }, options)) {
      header ??= page.header;
      own.push(...page.kvs);
      if (!page.scoped) continue;
      throw new EtcdError('permission_denied', `your roles hide a part of ${encodeSegments(source.key)}`, { endpoint: client.endpoint() });
    }
    if (own.length === 0) throw absent(client, source);
    kvs.push(own);
  }
  return { header: header as Header, kvs };
}

/** Gives each key of a source its new name. */
function movesOf(from: Target, { to }: RenameRequest, sources: number, kvs: readonly KeyValue[]): Move[] {
  const into = sources > 1 || (from.kind === 'key' && to.kind === 'prefix');
  if (sources > 1 && to.kind !== 'prefix') {
    throw new EtcdError('invalid_address', `${encodeSegments(to.key)} is no prefix, and several names cannot become one`, {
      hint: `write ${encodeSegments(to.key)}/`,
    });
  }
  const base = from.kind === 'prefix' && to.kind === 'key' ? `${to.key}/` : to.key;
  const begin = into ? base + tailOf(from.key) : base;
  return kvs.map((kv) => ({ kv, to: begin + kv.key.slice(from.key.length) }));
}

/** `c` of `/b/c`, `c/` of `/b/c/`. */
function tailOf(key: Key): Key {
  return key.slice(key.slice(0, -1).lastIndexOf('/') + 1);
}

function refuseInside({ kind, key }: Target, moves: readonly Move[], copy: boolean): void {
  const inside = moves.find(({ kv, to }) => (kind === 'prefix' ? to.startsWith(key) && kv.key.startsWith(key) : to === kv.key));
  if (!inside) return;
  if (inside.to === inside.kv.key) {
    const name = kind === 'key' ? encodeKey(key) : encodeSegments(key);
    throw new EtcdError('invalid_address', `${name} is called that already`);
  }
  const what = copy ? 'copied' : 'moved';
  throw new EtcdError(
    'invalid_address',
    `${encodeSegments(key)} cannot be ${what} to ${encodeSegments(inside.to)}, which is inside itself`,
  );
}

interface There {
  header: Header;
  found: Map<Key, KeyValue>;
  /** A key that is in the way, in a prefix that has to be empty. */
  first?: Key;
}

/**
 * What is at the new names.
 * @param guard a prefix that has to be empty, and holds all of them. If it is empty, one request is enough
 */
async function readThere(
  client: Client,
  moves: readonly Move[],
  guard: Guard | undefined,
  seen: Header | undefined,
  options: CallOptions,
): Promise<There> {
  const inside = guard && (await firstOf(client, guard, seen, options));
  if (inside && inside.first === undefined) return { ...inside, found: new Map() };
  // Something is known to be in the way. Only the first names are looked up, to say which.
  const looked = inside ? moves.slice(0, LOOKED_AT) : moves;
  const { header, kvs } = await readKeys(
    client,
    looked.map(({ to }) => ({ key: to })),
    options,
    pinnedTo(inside?.header ?? seen),
  );
  return { ...inside, header, found: new Map(kvs.map((kv) => [kv.key, kv])) };
}

function pinnedTo(seen: Header | undefined): ReadAt | undefined {
  return seen && { seen, revision: seen.revision };
}

async function firstOf(
  client: Client,
  { key, rangeEnd }: Guard,
  seen: Header | undefined,
  options: CallOptions,
): Promise<Omit<There, 'found'>> {
  const pinned = seen && { revision: seen.revision, clusterId: seen.clusterId };
  const { header, kvs } = await client.range({ key, rangeEnd, limit: 1, keysOnly: true, ...pinned }, options);
  const [first] = kvs;
  return { header: seen ?? header, ...(first && { first: first.key }) };
}

const LOOKED_AT = 2000;

function putsOf(
  moves: readonly Move[],
  found: ReadonlyMap<Key, KeyValue>,
  request: RenameRequest,
  { isOne, isSame }: { isOne: boolean; isSame: boolean },
): PutStep[] {
  const twice = new Set<Key>();
  return moves.map(({ kv, to }) => {
    if (twice.has(to)) throw new EtcdError('invalid_address', `two names would become ${encodeKey(to)}`);
    twice.add(to);
    const name = request.sourceName;
    // A lease belongs to one cluster.
    const from = { key: kv.key, moved: !request.copy, ...(isOne && { modRevision: kv.modRevision }), ...(name && { name: name(kv.key) }) };
    return { op: 'put', value: kv.value, lease: isSame ? kv.lease : '0', from, ...decidedOn(to, found.get(to)) };
  });
}

/** @param leaving keys that are moved themselves, so they are no obstacle */
function refuseExisting(client: Client, puts: readonly PutStep[], leaving: ReadonlySet<Key>): void {
  const there = puts.filter(({ key, modRevision }) => modRevision !== '0' && !leaving.has(key));
  const [first] = there;
  if (!first) return;
  const others = there.length > 1 ? `, and ${there.length - 1} more` : '';
  throw new EtcdError('conflict', `${encodeKey(first.key)} exists${others}`, {
    endpoint: client.endpoint(),
    hint: 'add ! to overwrite it',
  });
}

/** @returns EtcdError conflict for a prefix that has to be empty */
function inhabited(client: Client, first: Key): EtcdError {
  return new EtcdError('conflict', `${encodeKey(first)} exists`, {
    endpoint: client.endpoint(),
    hint: 'add ! to go on beside it, and over what is in the way',
  });
}

/** One range for each prefix, unless a new name lies in it. */
function deletesOf(sources: readonly Target[], moves: readonly Move[], isOne: boolean, { header, kvs }: Reading): Step[] {
  const targets = new Set(isOne ? moves.map(({ to }) => to) : []);
  return sources.flatMap((source, i): Step[] => {
    const own = kvs[i] as KeyValue[];
    const { start, end } = spanOf(source);
    const isFree = source.kind === 'prefix' && ![...targets].some((key) => key.startsWith(source.key));
    if (isFree) return [{ op: 'delete range', key: start, rangeEnd: end, revision: header.revision, count: own.length, moved: true }];
    return own.filter(({ key }) => !targets.has(key)).map((kv): Step => ({ op: 'delete', ...decidedOn(kv.key, kv) }));
  });
}

/** A prefix that gets a new name must find nothing there, not even a key that was not looked up. */
function guardsOf({ force, to }: RenameRequest, sources: readonly Target[], moves: readonly Move[]): Guard[] {
  const [from, ...more] = sources;
  if (force || more.length > 0 || from?.kind !== 'prefix') return [];
  const { start, end } = spanOf({ kind: 'prefix', key: to.kind === 'key' ? `${to.key}/` : to.key });
  const isOwn = moves.some(({ kv }) => kv.key >= start && kv.key < end);
  return isOwn ? [] : [{ key: start, rangeEnd: end, revision: '0' }];
}
