/**
 * The command of -watch, as a child. A shell becomes the command, as in bin/etcdenv, so that values stay bytes.
 * A validator (host/validator.ts) does not run like this. It has no shell, we write to it and read from it, and it is killed at once. A
 * command has our descriptors, is asked to end, and may share a terminal with us. They have only the call of spawn in common.
 */
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { familyOf, isRunning, type Member } from './family.js';
import { latin1ToText, type Inherited } from './inherited.js';
import type { Prepared } from './prepare.js';
import { isForShell, scriptOf } from './script.js';
import type { WatchPlan } from './watch-options.js';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Child {
  ended: Promise<Ended>;
  /** Signals the child. If it has a process group of its own, it signals the whole group, even after the child itself has ended. */
  kill(signal: NodeJS.Signals): void;
  /** The same; on a terminal, the signal also goes to what the child has started. */
  end(signal: NodeJS.Signals): void;
  /** Whether everything that had to end has ended. */
  isGone(): boolean;
}

/** Reads the script from descriptor 3, which the command does not get. */
const BECOME = 'ETCDENV_SCRIPT=$(cat <&3) || exit 125; exec 3<&-; eval "unset ETCDENV_SCRIPT\n$ETCDENV_SCRIPT"';

/** Whether we have a terminal. It sends its signals to us and to the command alike, because the command is then in our process group. */
export const onTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));

/**
 * @param inherited the text goes through the environment of the shell, because Node can hand on only text; the rest goes through the script
 */
export function startChild({ command, set, unset }: Prepared, { variables }: Inherited): Child {
  const isText = (value: Buffer): boolean => Buffer.from(value.toString()).equals(value);
  const environment = Object.fromEntries([...variables].map(([name, value]) => [latin1ToText(name), value.toString()]));
  const bytes = [...variables].flatMap(([name, value]) => (isText(value) || !isForShell(name) ? [] : [{ name, value }]));
  const inherited = bytes.filter(({ name }) => !unset.includes(name));
  const child = process.getBuiltinModule('node:child_process').spawn('/bin/sh', ['-c', BECOME], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: environment,
    detached: !onTerminal,
  });
  const script = child.stdio[3] as Writable;
  // It may be killed before it has read.
  script.on('error', () => undefined);
  script.end(scriptOf(command, [...inherited, ...set], unset));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
  let isOver = false;
  let family: Member[] = [];
  void ended.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  return {
    ended,
    isGone() {
      if (!isOver || child.pid === undefined) return isOver;
      if (onTerminal) return !family.some(isRunning);
      try {
        return !process.kill(-child.pid, 0);
      } catch {
        return true;
      }
    },
    kill(signal) {
      if (child.pid !== undefined && !(isOver && onTerminal)) send(onTerminal ? child.pid : -child.pid, signal);
    },
    end(signal) {
      if (child.pid === undefined) return;
      if (!onTerminal) {
        send(-child.pid, signal);
        return;
      }
      // A process that outlives its parent is no longer a descendant, so those that were found before are kept.
      if (!isOver) family = [...new Map([...family, ...familyOf(child.pid)].map((one) => [one.pid, one])).values()];
      for (const one of family) if (one.pid === child.pid ? !isOver : isRunning(one)) send(one.pid, signal);
    },
  };
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * Waits until it has really ended, because a sent signal proves nothing. The rest of its group, and what it has started, are killed in
 * time, too.
 */
export async function stopChild(child: Child, { killSignal, killTimeout }: WatchPlan): Promise<Ended> {
  child.end(killSignal);
  const late = setTimeout(() => child.end('SIGKILL'), killTimeout);
  return child.ended.finally(() => (child.isGone() ? clearTimeout(late) : undefined));
}
