/**
 * What the editor is told of the things that it has open. For each address it hears once, and then not again before it has dealt with
 * that. Then it hears the newest. So an editor that was stopped or busy has few lines for each address to catch up with. If it does not
 * deal with one, Ctrl-C may have ended the work, so it is told again, but less and less often.
 */
import type { Key, Revision, WatchEvent } from '../../client/index.js';
import type { Span } from '../../keyspace/listing/scope.js';
import { hearNames, type NamesHeard } from './names.js';
import { isIn } from './ranges.js';
import { keepRecent } from './recent.js';

/** How an address is open: a value, names below a prefix, or something that shows all below a prefix. */
export type OpenKind = 'key' | 'names' | 'below';

export interface OpenAddress {
  address: string;
  kind: OpenKind;
  span: Span;
  /** The prefix of a listing that adds and removes names. */
  prefix?: Key;
  /** It shows more of its names than that they exist. */
  values?: boolean;
  /** Up to which revision the editor knows it. For names, up to which they were given to it. */
  at: Revision;
}

export interface Change {
  event: 'changed' | 'deleted' | 'resync';
  address: string;
  revision: Revision;
}

interface State extends OpenAddress {
  /** It was told something, and has not dealt with it. */
  isTold: boolean;
  due?: Change;
  /** If the editor does not deal with it, this timer tells it again. If it does, the timer tells the next news after a pause. */
  again?: NodeJS.Timeout;
  rest?: NodeJS.Timeout;
  /** ms after the editor has dealt with it, until it may be told again. */
  pause: number;
  failures: number;
  names?: NamesHeard;
  /** The newest revision that a watch has told. */
  heard: Revision;
}

/** What is known of the names of an open listing. */
export interface Listed {
  names: NamesHeard;
  /** The revision at which the names were given to the editor. */
  given: Revision;
  /** The editor's names are right as of this revision. */
  at: Revision;
  /** The editor gets the names of that revision, which took so many ms to read. */
  give(revision: Revision, ms: number): void;
  /** It gets none. @param again whether it should ask once more, later */
  fail(again: boolean): void;
}

export interface Told {
  /** What is open from now on. */
  set(open: readonly OpenAddress[]): void;
  spans(): Span[];
  /** The first revision to watch from, for all that is open in the range. */
  from(range: Span): Revision;
  hear(event: WatchEvent): void;
  /** Anything in the range may have changed. */
  resync(range: Span, revision: Revision): void;
  /** From now on another client tells, perhaps of another cluster. */
  restart(): void;
  /** The editor has dealt with the change of the address. */
  heard(address: string): void;
  /** undefined: no listing of that address is open. */
  listed(address: string): Listed | undefined;
}

/** ms between two updates of a listing. If others change it a thousand times a second, it is updated ten times. */
const PAUSE = 100;
/** ms after which the editor is told again, the first time. */
const AGAIN = 10_000;
/** ms after an update that failed: the first pause, and the longest one. */
const [FAILED, LONGEST] = [1000, 60_000];
/** Reading a listing may take one part in so many of the time. */
const SHARE = 4;

/** @param send tells the editor */
export function createTold(send: (change: Change) => void): Told {
  let open = new Map<string, State>();
  const recent = keepRecent();
  const teller = createTeller(send, (state) => open.get(state.address) === state);

  function hear(state: State, event: WatchEvent): void {
    const what = taken(state, event);
    if (what) tell(state, what, event.kv.modRevision);
  }

  function lose(state: State, revision: Revision): void {
    state.names?.lose();
    // In a restored cluster the revision is an earlier one. What comes after it will be told.
    state.at = state.heard = revision;
    tell(state, 'resync', revision);
  }

  /** An older watch has already told what happened since this was read, and does not tell it again. */
  function catchUp(state: State): void {
    const missed = recent.since(state.at);
    if (missed) missed.forEach((event) => hear(state, event));
    else lose(state, state.at);
  }

  function tell(state: State, event: Change['event'], revision: Revision): void {
    state.due = { event, address: state.address, revision };
    teller.tell(state);
  }

  return {
    set(next) {
      const before = open;
      // Nothing is watched from now on, and later events may be of another history.
      if (next.length === 0) recent.forget('0');
      open = new Map(next.map((each) => [each.address, renewed(before.get(each.address), each)]));
      for (const [address, state] of open) if (!before.has(address)) catchUp(state);
    },
    spans: () => [...open.values()].map(({ span }) => span),
    from: (range) => firstIn(range, [...open.values()]),
    hear(event) {
      recent.add(event);
      for (const state of open.values()) hear(state, event);
    },
    resync(range, revision) {
      recent.forget(revision);
      for (const state of open.values()) if (isAlong(range, state.span)) lose(state, revision);
    },
    restart: () => recent.forget('0'),
    heard(address) {
      const state = open.get(address);
      if (state) teller.dealt(state);
    },
    listed(address) {
      const state = open.get(address);
      return state?.names && listedIn(state, state.names);
    },
  };
}

interface Teller {
  /** Tells the next news, unless the editor has still not dealt with the last. */
  tell(state: State): void;
  /** The editor has dealt with it. */
  dealt(state: State): void;
}

function createTeller(send: (change: Change) => void, isOpen: (state: State) => boolean): Teller {
  /** @param again ms after which the editor is told again if it has not dealt with it */
  function tell(state: State, again = AGAIN): void {
    if (state.isTold || !state.due || !isOpen(state)) return;
    const { due } = state;
    delete state.due;
    state.isTold = true;
    send(due);
    state.again = setTimeout(() => {
      state.isTold = false;
      state.due ??= due;
      tell(state, again * 2);
    }, again).unref();
  }
  function release(state: State): void {
    delete state.rest;
    state.isTold = false;
    tell(state);
  }
  return {
    tell,
    dealt(state) {
      if (!state.isTold || state.rest) return;
      clearTimeout(state.again);
      if (state.pause === 0) release(state);
      else state.rest = setTimeout(() => release(state), state.pause).unref();
    },
  };
}

function listedIn(state: State, names: NamesHeard): Listed {
  return {
    names,
    given: state.at,
    at: state.heard,
    give(revision, ms) {
      if (isLater(revision, state.at)) state.at = revision;
      state.failures = 0;
      state.pause = Math.min(Math.max(PAUSE, SHARE * ms), LONGEST);
    },
    fail(again) {
      names.lose();
      state.pause = Math.min(FAILED * 2 ** state.failures++, LONGEST);
      if (again) state.due = { event: 'resync', address: state.address, revision: state.heard };
    },
  };
}

/** @returns the event for the editor; undefined if it is no news to it */
function taken(state: State, event: WatchEvent): Change['event'] | undefined {
  const { type, kv } = event;
  if (!isIn(state.span, kv.key) || !isLater(kv.modRevision, state.at)) return undefined;
  // If an old key gets a new value, no name changes.
  if (state.kind === 'names' && !state.values && type === 'put' && kv.version !== '1') return undefined;
  state.names?.hear(event);
  if (isLater(kv.modRevision, state.heard)) state.heard = kv.modRevision;
  // One txn can change several names, at one revision.
  if (!state.names) state.at = kv.modRevision;
  return state.kind === 'key' && type === 'delete' ? 'deleted' : 'changed';
}

function isAlong(range: Span, span: Span): boolean {
  return isIn(range, span.start) || isIn(span, range.start);
}

function firstIn(range: Span, open: readonly State[]): Revision {
  const known = open.filter(({ span }) => isAlong(range, span)).map(({ at }) => BigInt(at));
  return String(known.reduce((first, at) => (at < first ? at : first), known[0] ?? 0n) + 1n);
}

/** Keeps the state of what stays open, because others hold that object. */
function renewed(before: State | undefined, now: OpenAddress): State {
  if (before) {
    const isFurther = isLater(now.at, before.at);
    // It was read again, and events up to that revision will not be told any more.
    if (isFurther) before.names?.lose();
    return Object.assign(before, now, { at: isFurther ? now.at : before.at });
  }
  const names = now.prefix !== undefined && { names: hearNames(now.prefix) };
  return { ...now, ...names, isTold: false, pause: 0, failures: 0, heard: now.at };
}

function isLater(one: Revision, other: Revision): boolean {
  return BigInt(one) > BigInt(other);
}
