/** Kinds of names that people give to keys. */
import type { Random } from '../random.mjs';

const WORDS =
  'account admin agent alert api app asset auth backup balance batch billing blob bucket cache cart catalog checkout client cloud cluster config contact core counter coupon cron customer data database deploy device dispatch email endpoint engine event export feature feed file filter finance flag forum gateway geo graph group health history host image import index ingest inventory invoice item job journal kernel key label ledger lease letter limit link list local location lock log login mail map market media member message meta metric mobile model monitor network node note notification object offer option order owner page partner patch payment peer phone photo pipeline plan platform player pod policy pool portal post price print process product profile project promo proxy public queue quota rate record region registry relay release render report request resource review role route rule sale schedule search secret sensor server service session setting shard shipping shop signal site snapshot socket source stage state stats status stock storage store stream subscription support sync system table tag task team template tenant test thread ticket timer token topic trace track transfer trigger tunnel update upload usage user vault vendor version video view volume wallet watch webhook worker zone'.split(
    ' ',
  );
const HEX = '0123456789abcdef';

const padded = (number: number, width: number): string => String(number).padStart(width, '0');
const hex = (random: Random, digits: number): string => Array.from({ length: digits }, () => HEX[random.within(0, 16)]).join('');
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const date = (day: number): string => new Date(Date.UTC(2015, 0, 1) + day * 86_400_000).toISOString().slice(0, 10);
const words = (random: Random, count: number): string[] => Array.from({ length: count }, () => random.oneOf(WORDS));

/** Each gives the i-th of `count` names; names may come twice. */
export const kinds = {
  padded: (_: Random, i: number, count: number) => `node${padded(i, String(count).length)}`,
  unpadded: (_: Random, i: number) => `job-${i}`,
  sparse: (random: Random) => `id${padded(random.within(0, 1e8), 8)}`,
  hex: (random: Random) => hex(random, 40),
  uuid: (random: Random) => [8, 4, 4, 4, 12].map((digits) => hex(random, digits)).join('-'),
  date: (_: Random, i: number) => date(i),
  hour: (_: Random, i: number) => `${date(Math.floor(i / 24))}T${padded(i % 24, 2)}`,
  word: (random: Random, i: number) => (i < WORDS.length ? (WORDS[i] as string) : words(random, 2).join('-')),
  words: (random: Random) => words(random, random.within(1, 4)).join('-'),
  camel: (random: Random) => words(random, random.within(2, 4)).map(capital).join(''),
  dotted: (random: Random) => ['com', 'example', ...words(random, random.within(1, 4))].join('.'),
  host: (random: Random, i: number) =>
    `${random.oneOf(WORDS)}${padded(i % 40, 2)}.${random.oneOf(['eu', 'us', 'ap'])}-${random.within(1, 4)}`,
  address: (random: Random) => [10, random.within(0, 4), random.within(0, 256), random.within(0, 256)].join('.'),
  service: (random: Random) => `${words(random, 2).join('-')}-v${random.within(1, 12)}`,
  random: (random: Random) => Array.from({ length: random.within(4, 14) }, () => String.fromCharCode(random.within(97, 123))).join(''),
  mail: (random: Random) => `${random.oneOf(WORDS)}.${hex(random, 3)}@example.com`,
} as const;

export type Kind = keyof typeof kinds;

/** @returns `count` different names of one kind, or as many as there are */
export function namesOf(kind: Kind, count: number, random: Random): string[] {
  const names = new Set<string>();
  for (let i = 0; names.size < count && i < 4 * count; i++) names.add(kinds[kind](random, i, count));
  return [...names];
}
