/** Takes frames and gives replies. It checks the params, keeps the deadline, honours cancel, and turns errors into one line. */
import { asEtcdError, EtcdError, isEtcdError } from '../client/index.js';
import { parseAddress } from '../keyspace/address.js';
import { hintOf } from './hints.js';
import { createLive } from './live/live.js';
import { log } from './log.js';
import { openMethods, type Answering } from './methods/index.js';
import type { Method, RequestOptions } from './methods/method.js';
import { createListings } from './listings.js';
import { checkParams } from './params.js';
import type { ErrorReply, PushedEvent, Reply } from './protocol.js';
import { openSession, type Session } from './session.js';
import { milliseconds, type Timeout } from './timeouts.js';

export interface Dispatcher {
  /** @param frame what came from the editor, decoded and not yet trusted */
  receive(frame: unknown): void;
  close(): void;
}

/** The requests to etcd give up so many ms before the deadline, so that the one that failed can say on which endpoint. */
const MARGIN = 100;

interface Request {
  id: number;
  /** The name of the method. */
  name: string;
  params: unknown;
  /** In ms; undefined: the method says which timeout it has. */
  deadline: number | undefined;
  /** Ends it. */
  stop: AbortController;
}

/** @param send takes `[id, reply]` and `[0, event]` */
export function createDispatcher(send: (frame: [number, Reply | PushedEvent]) => void): Dispatcher {
  const session = openSession((event) => send([0, event]));
  const methods = openMethods({ session, listings: createListings(session), live: createLive(session) });
  const running = new Map<number, AbortController>();

  async function run({ id, name, params, deadline, stop }: Request, { method, host }: Answering): Promise<void> {
    const began = performance.now();
    let limit: NodeJS.Timeout | undefined;
    const held = (kind: Timeout): number => milliseconds(deadline ?? kind, session.timeouts());
    const within = (ms: number): RequestOptions => {
      clearTimeout(limit);
      const left = Math.max(1, ms - (performance.now() - began));
      const late = new EtcdError('timeout', `no answer within ${ms} ms`, { indefinite: true });
      // After a process was stopped, its timers run first, and only then it hears what has arrived meanwhile.
      limit = setTimeout(() => setImmediate(() => stop.abort(late)), left);
      return { budget: Math.max(left / 2, left - MARGIN), signal: stop.signal, allow, unsent: () => send([0, { event: 'unsent', id }]) };
    };
    const allow = (longer: Timeout): RequestOptions => {
      send([0, { event: 'deadline', id, ms: held(longer) }]);
      return within(held(longer));
    };
    try {
      const ok = await method.run(checked(name, method, params, session), host, within(held(method.timeout)));
      const isCancelled = isEtcdError(stop.signal.reason, 'cancelled');
      if (isCancelled) session.withdraw(ok);
      log(`${name} ${(performance.now() - began).toFixed(1)} ms${isCancelled ? ', cancelled' : ''}`);
      send([id, isCancelled ? { err: describe(method.failure, params, stop.signal.reason, session) } : { ok }]);
    } catch (thrown) {
      const err = describe(method.failure, params, thrown, session);
      log(`${name} failed after ${(performance.now() - began).toFixed(1)} ms [${err.code}] ${err.message}${causes(thrown)}`);
      send([id, { err }]);
    } finally {
      clearTimeout(limit);
    }
  }

  /** If the method is loaded, it begins at once, and the next request may rely on that. While it is being loaded, it can be cancelled. */
  async function begin(request: Request): Promise<void> {
    running.set(request.id, request.stop);
    const found = methods.of(request.name);
    const known = found instanceof Promise ? await found : found;
    try {
      if (known) await run(request, known);
      else send([request.id, { err: { code: 'unsupported', message: `etcd: there is no method ${request.name}`, retryable: false } }]);
    } finally {
      running.delete(request.id);
    }
  }

  return {
    receive(frame) {
      const request = requestOf(frame);
      if (request?.name === 'cancel') {
        const target = (request.params as { id?: unknown } | null)?.id;
        if (typeof target === 'number') running.get(target)?.abort(new EtcdError('cancelled', 'cancelled', { indefinite: true }));
      } else if (request) {
        // An unhandled rejection would end the process, and every other request with it.
        begin(request).catch((thrown: unknown) => log(`${request.name}: no answer could be given${causes(thrown)}`));
      }
    },
    close() {
      for (const stop of running.values()) stop.abort(new EtcdError('cancelled', 'the editor has gone', { indefinite: true }));
      session.close();
    },
  };
}

function requestOf(frame: unknown): Request | undefined {
  if (!Array.isArray(frame) || typeof frame[0] !== 'number' || typeof frame[1] !== 'string') {
    log('a frame that is no request');
    return undefined;
  }
  const [id, name, params, ms] = frame as [number, string, unknown, unknown];
  return { id, name, params, deadline: typeof ms === 'number' && ms > 0 ? ms : undefined, stop: new AbortController() };
}

/** @throws EtcdError if the settings are wrong, or if the editor's side has a bug and sent these params */
function checked(name: string, { params: schema, always = false }: Method, params: unknown, session: Session): unknown {
  const refusal = session.refusal();
  if (refusal && !always) throw refusal;
  return checkParams(name, schema, params);
}

/** `etcd: <what failed> <address> (<endpoint>): <why>; <what to do>` */
function describe(failure: string, params: unknown, thrown: unknown, session: Session): ErrorReply {
  const error = asEtcdError(thrown);
  if (error === session.refusal()) return ofSettings(error);
  const { name, text } = (params ?? {}) as { name?: unknown; text?: unknown };
  const address = typeof name === 'string' ? ` ${name}` : typeof text === 'string' ? ` ${text}` : '';
  const endpoint = error.endpoint === undefined ? '' : ` (${error.endpoint})`;
  const hint = hintOf(error);
  const doing = error.code === 'outcome_unknown' ? 'do not know whether it was written:' : failure;
  return {
    code: error.code,
    message: `etcd: ${doing}${address}${endpoint}: ${error.message}${hint === undefined ? '' : `; ${hint}`}`,
    retryable: error.retryable,
    ...(error.wants && { wants: error.wants, profile: profileOf(params, session.short()) }),
    ...(error.theirsRevision !== undefined && { theirs_revision: error.theirsRevision }),
    ...(error.writtenRevision !== undefined && { written_revision: error.writtenRevision }),
    ...(error.place && error.place),
    ...(error.unasked && { unasked: error.unasked }),
  };
}

/** The settings are wrong, so everything fails for the same reason, whatever was asked for. */
function ofSettings(error: EtcdError): ErrorReply {
  return { code: error.code, message: `etcd: ${error.message}; ${error.hint ?? 'see :help etcd-settings'}`, retryable: false };
}

function profileOf(params: unknown, short: string): string {
  const { name, text, profile, names } = (params ?? {}) as { name?: string; text?: string; profile?: string; names?: { name: string }[] };
  try {
    return profile ?? parseAddress(name ?? text ?? names?.[0]?.name ?? 'etcd:', short).profile;
  } catch {
    // Text that is still being typed, as for a completion, need not be an address yet.
    return short;
  }
}

function causes(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  if (cause instanceof Error) return ` <- ${cause.message}${causes(cause)}`;
  return thrown instanceof Error && !isEtcdError(thrown) ? ` ${thrown.stack ?? ''}` : '';
}
