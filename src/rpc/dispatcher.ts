/** Takes frames, gives replies: checks the params, keeps the deadline, honours cancel, turns errors into one line. */
import { EtcdError } from '../etcd/index.js';
import { parseAddress } from '../keyspace/address.js';
import { log } from './log.js';
import { createHandlers, type Handlers, type RequestOptions } from './methods.js';
import { checkParams } from './params.js';
import type { ErrorReply, Method, PushedEvent, Reply } from './protocol.js';
import { openSession } from './session.js';

export interface Dispatcher {
  /** @param frame what came from the editor, decoded and not yet trusted */
  receive(frame: unknown): void;
  close(): void;
}

const DEFAULT_DEADLINE = 15_000;
/** ms; timers of 32 bits end after 25 times that, and what is more fires at once. */
const LONGEST = 86_400_000;
/** ms before the deadline at which the requests to etcd give up, so that the one that failed can say on which endpoint. */
const MARGIN = 100;

/** What failed, in the words of the user. */
const DOING: Readonly<Record<Method, string>> = {
  hello: 'cannot start',
  configure: 'cannot take the settings',
  open: 'cannot read',
  more: 'cannot list all of',
  stop: 'cannot stop',
  read: 'cannot read',
  put: 'cannot write',
  theirs: 'cannot compare',
  login: 'cannot log in',
  status: 'cannot ask for the status',
  preview: 'cannot write',
  complete: 'cannot complete',
  warm: 'cannot connect',
  canonical: 'cannot understand',
  health: 'cannot check',
  log: 'cannot show the log',
};

/** @param send takes `[id, reply]` and `[0, event]` */
export function createDispatcher(send: (frame: [number, Reply | PushedEvent]) => void): Dispatcher {
  const session = openSession((event) => send([0, event]));
  const handlers = createHandlers(session);
  const running = new Map<number, AbortController>();

  async function run(id: number, method: Method, params: unknown, deadline: number): Promise<void> {
    const stop = new AbortController();
    running.set(id, stop);
    const began = performance.now();
    let limit: NodeJS.Timeout | undefined;
    const within = (ms: number): RequestOptions => {
      clearTimeout(limit);
      const left = Math.max(1, ms - (performance.now() - began));
      const late = new EtcdError('timeout', `no answer within ${ms} ms`, { indefinite: true });
      // A process that was stopped hears its timers first, and only then what has arrived meanwhile.
      limit = setTimeout(() => setImmediate(() => stop.abort(late)), left);
      return { budget: Math.max(left / 2, left - MARGIN), signal: stop.signal, allow };
    };
    const allow = (ms: number): RequestOptions => {
      send([0, { event: 'deadline', id, ms }]);
      return within(Math.min(ms, LONGEST));
    };
    try {
      const checked = checkParams(method, params);
      const call = handlers[method] as Handlers[Method] as (p: unknown, o: RequestOptions) => Promise<unknown>;
      const ok = await call(checked, within(deadline));
      const isCancelled = stop.signal.reason instanceof EtcdError && stop.signal.reason.code === 'cancelled';
      if (isCancelled) session.withdraw(ok);
      log(`${method} ${(performance.now() - began).toFixed(1)} ms${isCancelled ? ', cancelled' : ''}`);
      send([id, isCancelled ? { err: describe(method, params, stop.signal.reason, session.short()) } : { ok }]);
    } catch (thrown) {
      const err = describe(method, params, thrown, session.short());
      log(`${method} failed after ${(performance.now() - began).toFixed(1)} ms [${err.code}] ${err.message}${causes(thrown)}`);
      send([id, { err }]);
    } finally {
      clearTimeout(limit);
      running.delete(id);
    }
  }

  return {
    receive(frame) {
      if (!Array.isArray(frame) || typeof frame[0] !== 'number' || typeof frame[1] !== 'string') {
        log('a frame that is no request');
        return;
      }
      const [id, method, params, deadline] = frame as [number, string, unknown, unknown];
      if (method === 'cancel') {
        const target = (params as { id?: unknown } | null)?.id;
        if (typeof target === 'number') running.get(target)?.abort(new EtcdError('cancelled', 'cancelled', { indefinite: true }));
      } else if (Object.hasOwn(DOING, method)) {
        const time = typeof deadline === 'number' && deadline > 0 ? Math.min(deadline, LONGEST) : DEFAULT_DEADLINE;
        // A rejection that nobody handles would end the process, and every other request with it.
        run(id, method as Method, params, time).catch((thrown: unknown) => log(`${method}: no answer could be given${causes(thrown)}`));
      } else {
        send([id, { err: { code: 'unsupported', message: `etcd: there is no method ${method}`, retryable: false } }]);
      }
    },
    close() {
      for (const stop of running.values()) stop.abort(new EtcdError('cancelled', 'the editor has gone', { indefinite: true }));
      session.close();
    },
  };
}

/** `etcd: <what failed> <address> (<endpoint>): <why>; <what to do>` */
function describe(method: Method, params: unknown, thrown: unknown, short: string): ErrorReply {
  const error = thrown instanceof EtcdError ? thrown : new EtcdError('internal', String(thrown), { cause: thrown, hint: 'see :Etcd log' });
  const { name, text } = (params ?? {}) as { name?: unknown; text?: unknown };
  const address = typeof name === 'string' ? ` ${name}` : typeof text === 'string' ? ` ${text}` : '';
  const endpoint = error.endpoint === undefined ? '' : ` (${error.endpoint})`;
  const hint = error.hint === undefined ? '' : `; ${error.hint}`;
  const doing = error.code === 'outcome_unknown' ? 'do not know whether it was written:' : DOING[method];
  return {
    code: error.code,
    message: `etcd: ${doing}${address}${endpoint}: ${error.message}${hint}`,
    retryable: error.retryable,
    ...(error.wants && { wants: error.wants, profile: profileOf(params, short) }),
    ...(error.theirsRevision !== undefined && { theirs_revision: error.theirsRevision }),
    ...(error.writtenRevision !== undefined && { written_revision: error.writtenRevision }),
  };
}

function profileOf(params: unknown, short: string): string {
  const { name, text, profile } = (params ?? {}) as { name?: string; text?: string; profile?: string };
  try {
    return profile ?? parseAddress(name ?? text ?? 'etcd:', short).profile;
  } catch {
    // What is typed only half, as for a completion, need not be an address yet.
    return short;
  }
}

function causes(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  if (cause instanceof Error) return ` <- ${cause.message}${causes(cause)}`;
  return thrown instanceof Error && !(thrown instanceof EtcdError) ? ` ${thrown.stack ?? ''}` : '';
}
