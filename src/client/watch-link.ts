/** One connection of a watch: opened, and read until it breaks. What comes after that is the business of watch.ts. */
import { isExpiry, throwRefused } from './auth.js';
import { encodeKey, type Revision } from './codec.js';
import type { CallOptions, Connection } from './connection.js';
import type { Fields } from './decoders.js';
import { EtcdError, withTraits } from './errors.js';
import { located } from './question.js';
import type { KeyRange } from './roles.js';
import { decodeWatch, type WatchMessage } from './watch-answer.js';

export interface WatchRange {
  key: string;
  rangeEnd?: string;
  /** Each event has the key as it was before. */
  prevKv?: boolean;
  /** What to leave out. */
  filters?: readonly ('noput' | 'nodelete')[];
}

/**
 * ms of silence after which a connection counts as dead. Every ten minutes etcd says that nothing has happened, if that is so
 * (--experimental-watch-progress-notify-interval). TCP notices much earlier that a host is gone.
 */
export const SILENCE = 12 * 60_000;

/**
 * @param from the first revision to hear of
 * @param budget ms until etcd has said that the watch exists
 * @returns each message after that; throws when the connection ends, is silent for too long, or the signal aborts
 * @throws EtcdError also permission_denied, if etcd says so instead
 */
export async function* listen(
  connection: Connection,
  range: WatchRange,
  from: Revision,
  { budget, signal }: { budget: number; signal: AbortSignal },
): AsyncGenerator<WatchMessage, never> {
  const watched: KeyRange = { key: range.key, rangeEnd: range.rangeEnd };
  const silence = openSilenceClock(budget);
  const either = AbortSignal.any([signal, silence.signal]);
  try {
    const messages = await openWatch(connection, watched, watchBody(range, from), { budget, signal: either });
    const endpoint = connection.endpoint();
    let isThere = false;
    for await (const raw of messages) {
      const message = decoded(() => decodeWatch(raw, watched, endpoint), endpoint);
      if (message.refusal) throwRefused(message.refusal, connection.auth.user);
      isThere ||= message.created;
      if (isThere) silence.heard();
      yield message;
    }
    throw new EtcdError('unavailable', 'the server has ended the watch', { retryable: true, endpoint });
  } catch (thrown) {
    // The new token has ended as well. The next request gets another one.
    throw isExpiry(thrown) ? withTraits(thrown, { retryable: true }) : thrown;
  } finally {
    silence.stop();
  }
}

/**
 * All watches are opened here.
 * @param body what creates it
 * @returns its messages, once etcd has accepted it. A token that ends before that is renewed, even if the answer has begun
 * @throws EtcdError as Connection.messages(), and the server's refusal of the watch
 */
export async function openWatch(
  connection: Connection,
  range: KeyRange,
  body: object,
  options: CallOptions,
): Promise<AsyncIterable<Fields>> {
  return connection.messages('/v3/watch', body, options, (first, endpoint) => {
    const { refusal } = decoded(() => decodeWatch(first, range, endpoint), endpoint);
    if (refusal) throw refusal;
  });
}

function decoded(decode: () => WatchMessage, endpoint: string): WatchMessage {
  try {
    return decode();
  } catch (thrown) {
    throw located(thrown, endpoint);
  }
}

/** It allows fragments: after a break, a server may send a thousand revisions at once. */
function watchBody({ key, rangeEnd, prevKv, filters = [] }: WatchRange, from: Revision): object {
  return {
    create_request: {
      key: encodeKey(key),
      ...(rangeEnd !== undefined && { range_end: encodeKey(rangeEnd) }),
      start_revision: from,
      progress_notify: true,
      fragment: true,
      ...(prevKv && { prev_kv: true }),
      ...(filters.length > 0 && { filters: filters.map((name) => (name === 'noput' ? 'NOPUT' : 'NODELETE')) }),
    },
  };
}

/** Aborts when nothing was heard for `first` ms, and later for {@link SILENCE}. It keeps no process alive. */
function openSilenceClock(first: number): { signal: AbortSignal; heard(): void; stop(): void } {
  const over = new AbortController();
  const end = (): void => over.abort(new EtcdError('timeout', 'the server has said nothing for too long', { retryable: true }));
  let timer: NodeJS.Timeout | undefined = setTimeout(end, first);
  let isLong = false;
  return {
    signal: over.signal,
    heard() {
      if (isLong) timer?.refresh();
      else {
        clearTimeout(timer);
        timer = setTimeout(end, SILENCE).unref();
        isLong = true;
      }
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
