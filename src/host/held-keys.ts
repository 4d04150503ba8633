/** The keys of a plan that somebody holds by a lease, told in one or two lines. */
import { after, EtcdError, isEtcdError, type CallOptions, type Key, type Revision } from '../client/index.js';
import { encodeSegments } from '../keyspace/address.js';
import { firstNames, inDigits } from '../keyspace/plan/words.js';
import type { DeleteRangeStep, Step } from '../keyspace/write/plan.js';
import { heldBy } from './held.js';
import type { Session } from './session.js';

/** A key, and its lease; '0': none. */
export interface Leased {
  key: Key;
  lease: string;
}

/** The most leases that are looked at, each with a request. */
const MOST_LOOKS = 50;
/** For a range: how many keys' leases are read at once, and how many in all. */
const PAGE = 5000;
const MOST_READ = 20_000;

/** The keys that the steps overwrite or delete, and that have a lease. */
export async function leasedIn(session: Session, profile: string, steps: readonly Step[], options: CallOptions): Promise<Leased[]> {
  const leased: Leased[] = [];
  for (const step of steps) {
    if (step.op === 'delete range') leased.push(...(await leasedBelow(session, profile, step, options)));
    else if (step.was && step.was.lease !== '0') leased.push({ key: step.key, lease: step.was.lease });
  }
  return leased;
}

async function leasedBelow(session: Session, profile: string, step: DeleteRangeStep, options: CallOptions): Promise<Leased[]> {
  const { rangeEnd, revision } = step;
  const leased: Leased[] = [];
  let start: Key | undefined = step.key;
  for (let read = 0; start !== undefined && read < MOST_READ; read += PAGE) {
    const page: { leased: Leased[]; next: Key | undefined } = await leasedPage(session, profile, { start, rangeEnd, revision }, options);
    leased.push(...page.leased);
    start = page.next;
  }
  return leased;
}

async function leasedPage(
  session: Session,
  profile: string,
  { start, rangeEnd, revision }: { start: Key; rangeEnd: Key; revision: Revision },
  options: CallOptions,
): Promise<{ leased: Leased[]; next: Key | undefined }> {
  const range = { key: start, rangeEnd, limit: PAGE, keysOnly: true, revision };
  const { kvs, more } = await session
    .client(profile)
    .range(range, options)
    .catch((thrown: unknown) => {
      // If the leases may not be read, that is no reason against a plan that was made without them.
      if (!isEtcdError(thrown) || thrown.code === 'cancelled') throw thrown;
      return { kvs: [], more: false };
    });
  const last = kvs.at(-1);
  const leased = kvs.filter(({ lease }) => lease !== '0').map(({ key, lease }) => ({ key, lease }));
  return { leased, next: more && last ? after(last.key) : undefined };
}

/**
 * How many of the keys somebody holds, and the first of them. There is one line for those that are known to be held. If somebody can be
 * asked, there is another line for those of which it is not known yet.
 */
export async function heldLines(
  session: Session,
  profile: string,
  keys: readonly Leased[],
  person: boolean,
  options: CallOptions,
): Promise<string[]> {
  const byLease = new Map<string, Key[]>();
  for (const { key, lease } of keys) {
    const before = byLease.get(lease);
    if (before) before.push(key);
    else byLease.set(lease, [key]);
  }
  const looked = await Promise.all(
    [...byLease].slice(0, MOST_LOOKS).map(async ([lease, of]) => {
      const held = await heldBy(session, { profile }, { lease, person }, options);
      return { of, sure: held?.sure };
    }),
  );
  const those = (sure: boolean): Key[] => looked.flatMap((look) => (look.sure === sure ? look.of : [])).sort(byBytes);
  return [
    ...lineOf(those(true), 'is held by a lease that is', 'are held by leases that are', 'kept alive'),
    ...lineOf(those(false), 'has a lease', 'have leases', 'that somebody may keep alive'),
  ];
}

const byBytes = (a: Key, b: Key): number => (a < b ? -1 : 1);

function lineOf(keys: readonly Key[], one: string, many: string, what: string): string[] {
  const [first] = keys;
  if (first === undefined) return [];
  if (keys.length === 1) return [`${encodeSegments(first)} ${one} ${what} (a lock or an election?)`];
  return [`${inDigits(keys.length)} keys ${many} ${what} (locks or elections?): ${firstNames(keys, encodeSegments)}`];
}

/** @throws EtcdError permission_denied, with `unasked`, as heldLines() says */
export async function refuseHeldKeys(
  session: Session,
  profile: string,
  keys: readonly Leased[],
  person: boolean,
  options: CallOptions,
): Promise<void> {
  const lines = await heldLines(session, profile, keys, person, options);
  const [first] = lines;
  if (first === undefined) return;
  throw new EtcdError('permission_denied', `${first}, and nobody was asked`, { hint: 'add ! to write all the same', unasked: lines });
}
