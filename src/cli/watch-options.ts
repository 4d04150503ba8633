/** The flags of -watch. */
import { keyOf, LONGEST_TIMER, parseDuration } from '../client/index.js';
import { failure } from './failure.js';
import type { RollingPlan } from './rolling.js';

/** What to do after the environment has changed. */
export type OnChange = { kind: 'restart' | 'signal' | 'exit' } | { kind: 'run'; line: string };

/** Times in ms. */
export interface WatchPlan {
  onChange: OnChange;
  /** Waits until there was no change for `quiet`, but no longer than `most`. */
  quiet: number;
  most: number;
  /** A random time up to this, so that not all machines do it at once. */
  splay: number;
  killSignal: NodeJS.Signals;
  /** The time from killSignal to KILL. */
  killTimeout: number;
  reloadSignal: NodeJS.Signals;
  /** What to do after the command has ended by itself. */
  restart: 'no' | 'on-failure' | 'always';
  rolling?: RollingPlan;
}

/**
 * @param get the text of a flag
 * @throws Failure that names the flag
 */
export function readWatchPlan(get: (flag: string) => string | undefined): WatchPlan {
  const [quiet = '', most] = (get('wait') ?? '500ms:10s').split(':');
  const restart = get('restart') ?? 'no';
  if (restart !== 'no' && restart !== 'on-failure' && restart !== 'always') throw failure('-restart must be no, on-failure or always');
  const quietMs = duration('wait', quiet);
  const onChange = onChangeOf(get('on-change') ?? 'restart');
  const rolling = rollingOf(get);
  if (rolling && onChange.kind === 'exit') throw failure('-lock and -on-change=exit exclude each other');
  return {
    onChange,
    quiet: quietMs,
    most: most === undefined ? quietMs * 20 : duration('wait', most),
    splay: duration('splay', get('splay') ?? '0'),
    killSignal: signalOf('kill-signal', get('kill-signal') ?? 'TERM'),
    killTimeout: duration('kill-timeout', get('kill-timeout') ?? '30s'),
    reloadSignal: signalOf('reload-signal', get('reload-signal') ?? 'HUP'),
    restart,
    ...(rolling && { rolling }),
  };
}

function rollingOf(get: (flag: string) => string | undefined): RollingPlan | undefined {
  const lock = get('lock')?.replace(/\/+$/, '');
  if (lock === undefined) return undefined;
  const [slots, ready] = [get('slots') ?? '1', get('ready')];
  if (lock === '') throw failure('-lock must be a key, such as /locks/app');
  if (!/^[1-9]\d{0,3}$/.test(slots)) throw failure('-slots must be a number from 1');
  const readyAfter = duration('ready-after', get('ready-after') ?? (ready === undefined ? '10s' : '0'));
  return { lock: keyOf(lock), slots: Number(slots), readyAfter, ...(ready !== undefined && { ready }) };
}

function onChangeOf(text: string): OnChange {
  if (text.startsWith('run:')) return { kind: 'run', line: text.slice(4) };
  if (text === 'restart' || text === 'signal' || text === 'exit') return { kind: text };
  throw failure('-on-change must be restart, signal, exit or run:COMMAND');
}

function duration(flag: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw failure(`-${flag} must be a duration such as 500ms${flag === 'wait' ? ', or two: 500ms:10s' : ''}`);
  return Math.min(ms, LONGEST_TIMER);
}

function signalOf(flag: string, text: string): NodeJS.Signals {
  const name = `SIG${text.toUpperCase().replace(/^SIG/, '')}`;
  if (Object.hasOwn(process.getBuiltinModule('node:os').constants.signals, name)) return name as NodeJS.Signals;
  throw failure(`-${flag}: there is no signal ${text}`);
}
