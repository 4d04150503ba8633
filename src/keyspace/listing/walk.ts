/** One listing at one revision. It asks about gaps, the leftmost first, over several connections, until no gap is left. */
import type { Key } from '../../client/index.js';
import { learnAlphabet } from './alphabet.js';
import { collect, type Collector } from './collect.js';
import type { Interval } from './cuts.js';
import { COST, isLarge, openGaps, type Gap, type Question } from './gaps.js';
import { questionsOf, type Hints } from './hints.js';
import { openOutline, type Outline, type Piece } from './outline.js';
import { planRest, type Known } from './plan.js';
import type { Reader } from './reader.js';
import { openSiblings } from './siblings.js';

export interface WalkRequest extends Interval {
  prefix: Key;
  hints?: Hints | undefined;
  /** Stop when the front has passed more names than this. */
  max: number;
  onFront?: ((names: Key[]) => void) | undefined;
  onProgress?: ((names: number) => void) | undefined;
}

export interface Walked {
  outline: Outline;
  /** Keys of the level and everything below it. */
  total: number;
}

/** Most levels are whole in an answer of this many keys. */
const FIRST_LIMIT = 1000;
/** More connections do not help on one server. */
const CONNECTIONS = 4;
/** A request with less work for the server, in µs, is not worth its overhead. */
const QUOTA = 4000;
/** How many keys of a large answer are taken in between two looks at the front. */
const LOOK_EVERY = 2000;
/** A share of what it costs to read every key. After skipping has cost that much, the rest is read. */
const PATIENCE = 0.5;

/** @throws EtcdError */
export async function walk(reader: Reader, request: WalkRequest): Promise<Walked> {
  const { start, end, hints, max, onFront, onProgress } = request;
  const state = openState(request);
  const { outline, gaps, known } = state;
  let requests = 0;

  function show(): void {
    const names = outline.advance();
    if (names.length > 0) onFront?.(names);
  }

  async function read(gap: Gap): Promise<void> {
    const collector = collect(gap, known);
    let keys = 0;
    const count = await reader.scan(gap, (key) => {
      collector.take(key);
      if (++keys % LOOK_EVERY === 0) show();
    });
    state.finish(gap, collector, count);
  }

  async function askMany(batch: readonly Gap[]): Promise<void> {
    const answers = await reader.ask(batch);
    if (requests === 1 && !hints) known.total = answers[0]?.count ?? 0;
    batch.forEach((gap, i) => {
      const { keys, count } = answers[i] as (typeof answers)[number];
      const collector = collect(gap, known);
      keys.forEach(collector.take);
      state.finish(gap, collector, count);
    });
  }

  async function ask(batch: readonly Gap[]): Promise<void> {
    const [only] = batch;
    // Only a request with a revision may be repeated halfway, as scan() does.
    const alone = ++requests > 1 && batch.length === 1 && only !== undefined && isLarge(only);
    state.spend(COST.request);
    await (alone ? read(only) : askMany(batch));
    show();
    onProgress?.(known.children);
  }

  // One name more than needed shows that there are more. A separate question for that would cost another walk.
  const limit = Math.min(FIRST_LIMIT, max) + (max < Infinity ? 1 : 0);
  const first: Question = { start, end, keys: limit, limit, first: true };
  state.open(outline.whole, hints ? questionsOf(request, hints) : [first]);
  // It goes alone, because its answer gives the revision at which the others read.
  await ask(gaps.take(Infinity, reader.most()));
  known.alphabet.learnedOneEnd();
  const isEnough = (): boolean => outline.names.length > max;
  await inParallel(CONNECTIONS, isEnough, () => {
    if (gaps.size() === 0) return undefined;
    const quota = max < Infinity ? QUOTA * 2 ** (requests / 3) : Math.max(QUOTA, gaps.cost() / CONNECTIONS);
    return ask(gaps.take(quota, reader.most()));
  });
  return { outline, total: known.total };
}

/** What one listing knows, what it has yet to ask, and how answers turn questions into knowledge. */
function openState({ prefix, hints }: WalkRequest) {
  const outline = openOutline();
  const gaps = openGaps();
  const [alphabet, siblings] = [learnAlphabet(), openSiblings()];
  const known: Known = { prefix, alphabet, siblings, children: 0, total: hints?.total ?? 0, hopeless: false };
  let spent = 0;

  function spend(cost: number): void {
    spent += cost;
  }

  function open(piece: Piece, questions: readonly Question[]): void {
    const pieces = outline.resolve(piece, questions.length);
    gaps.add(questions.map((question, i) => ({ ...question, piece: pieces[i] as Piece })));
  }

  function finish(gap: Gap, collector: Collector, count: number): void {
    const returned = Math.min(count, gap.limit || count);
    spend(COST.operation + COST.walk * count + COST.key * returned);
    known.hopeless ||= spent > PATIENCE * (COST.walk + COST.key) * known.total;
    const rest = collector.finish(count);
    open(gap.piece, rest ? planRest(rest, known) : []);
  }

  return { outline, gaps, known, spend, open, finish };
}

/**
 * Keeps so many jobs running. A job that ends may have made new ones.
 * @param isEnough whether it may leave the jobs that still run
 * @param start begins the next job; undefined while there is none
 */
async function inParallel(most: number, isEnough: () => boolean, start: () => Promise<void> | undefined): Promise<void> {
  const running = new Set<Promise<void>>();
  while (!isEnough()) {
    while (running.size < most) {
      const job = start()?.finally(() => running.delete(job as Promise<void>));
      if (!job) break;
      running.add(job);
    }
    if (running.size === 0) return;
    await Promise.race(running);
  }
}
