/**
 * What the editor is told of what it has open. Of each address it hears once, and then not again before it has dealt with it: what is
 * newest by then. So an editor that is stopped, or busy, has few lines for each address to catch up with. If it does not deal with it,
 * Ctrl-C may have ended whoever was to do that, and it is told again, more and more seldom.
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
  /** Of a listing that takes names in and out. */
  prefix?: Key;
  /** It shows more of its names than that they are there. */
  values?: boolean;
  /** How far the editor knows of it. Of names, that is as far as they were given to it. */
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
  /** Tells it again if it does not; and what is due, after a pause, if it does. */
  again?: NodeJS.Timeout;
  rest?: NodeJS.Timeout;
  /** ms until it may be told again after it has dealt with that. */
  pause: number;
  failures: number;
  names?: NamesHeard;
  /** The newest revision that was heard of. */
  heard: Revision;
}

/** What is known of the names of a listing that is open. */
export interface Listed {
  names: NamesHeard;
  /** The editor was given them as they were at this revision. */
  given: Revision;
  /** What it knows is how the names are at this revision. */
  at: Revision;
  /** The editor gets the names as they are at that revision, which took so many ms. */
  give(revision: Revision, ms: number): void;
  /** It gets none. @param again it is to ask once more, later */
  fail(again: boolean): void;
}

export interface Told {
  /** What is open from now on. */
  set(open: readonly OpenAddress[]): void;
  spans(): Span[];
  /** The first revision to hear of for all that is open in the range. */
  from(range: Span): Revision;
  hear(event: WatchEvent): void;
  /** Anything in the range may have changed. */
  resync(range: Span, revision: Revision): void;
  /** Another client tells from now on, maybe of another cluster. */
  restart(): void;
  /** The editor has dealt with what it was told of the address. */
  heard(address: string): void;
  /** undefined: no listing of that address is open. */
  listed(address: string): Listed | undefined;
}

/** ms between two updates of a listing: what others change a thousand times a second is shown ten times. */
const PAUSE = 100;
/** ms after which it is told again, at first. */
const AGAIN = 10_000;
/** ms after an update that failed, at first; and the longest pause. */
const [FAILED, LONGEST] = [1000, 60_000];
/** Reading a listing may take this part of the time. */
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
    // Of a cluster that was restored it is an earlier one, and what comes after it will be told.
    state.at = state.heard = revision;
    tell(state, 'resync', revision);
  }

  /** A watch that was there before has told of what happened since it was read, and does not tell again. */
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
      // Nothing is watched from now on, and what comes later may be of another history.
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
  /** Tells what is due, unless it was told something and has not dealt with it. */
  tell(state: State): void;
  /** The editor has. */
  dealt(state: State): void;
}

function createTeller(send: (change: Change) => void, isOpen: (state: State) => boolean): Teller {
  /** @param again ms after which it is told again if the editor has not dealt with it */
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

/** @returns what that is for the editor; undefined if it is no news to it */
function taken(state: State, event: WatchEvent): Change['event'] | undefined {
  const { type, kv } = event;
  if (!isIn(state.span, kv.key) || !isLater(kv.modRevision, state.at)) return undefined;
  // A new value of an old key is no other name.
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

/** What is open goes on as it was: whoever holds a state holds the one that is told. */
function renewed(before: State | undefined, now: OpenAddress): State {
  if (before) {
    const isFurther = isLater(now.at, before.at);
    // It was read, and what happened until then is not heard of any more.
    if (isFurther) before.names?.lose();
    return Object.assign(before, now, { at: isFurther ? now.at : before.at });
  }
  const names = now.prefix !== undefined && { names: hearNames(now.prefix) };
  return { ...now, ...names, isTold: false, pause: 0, failures: 0, heard: now.at };
}

function isLater(one: Revision, other: Revision): boolean {
  return BigInt(one) > BigInt(other);
}
