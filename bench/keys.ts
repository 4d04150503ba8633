/** The keys that the benchmark reads and writes. */
import type { TestEtcd } from '../test/harness/etcd.js';
import { putAll } from '../test/harness/load.js';

export const CHILDREN = 100;
/** The prefix that is listed. */
export const PREFIX = `/bench/${CHILDREN}/`;
/** 1 kB of text in lines. It has no file type, so that we do not time the editor's own highlighting. */
export const VALUE = 'one of sixteen lines of a value, sixty-three bytes and newline.\n'.repeat(16);
/** Children of the large prefixes. */
export const SIZES = [100, 1000, 10_000, 100_000] as const;
/** The keys in `/crowd/`: nearly as many as completion must bring into a menu without delay. */
export const CROWD = 199_000;

export const nameOf = (i: number): string => `key-${1_000_000 + i}`;
const names = (count: number, name: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => name(i));

/** A prefix with as many children that no round has read before, because completion knows what was just listed. */
export const unread = (part: string, round: number): string => `/${part}/${round}/`;

/** What the small measures need for so many rounds. */
export async function putSmall(etcd: TestEtcd, rounds: number): Promise<void> {
  const each = ['complete', 'tab'].flatMap((part) => names(rounds, (round) => unread(part, round)));
  const prefixes = [PREFIX, ...each];
  await putAll(
    etcd,
    prefixes.flatMap((prefix) => names(CHILDREN, (i) => prefix + nameOf(i))),
  );
  for (const name of ['value', 'write', 'floor', 'peer']) await etcd.put(`/bench/${name}`, VALUE);
}

/** As many keys below `/browse/n/` as its name says, 1000 below each of a hundred `/deep/…/`, and the crowd. */
export async function putLarge(etcd: TestEtcd): Promise<void> {
  const flat = SIZES.flatMap((size) => names(size, (i) => `/browse/${size}/${nameOf(i)}`));
  const deep = names(100_000, (i) => `/deep/${nameOf(Math.floor(i / 1000))}/${nameOf(i % 1000)}`);
  await putAll(etcd, [...flat, ...deep, ...names(CROWD, (i) => `/crowd/${nameOf(i)}`)]);
}
