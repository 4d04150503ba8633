/** Programs that run beside the command: after a change, or to ask whether it is ready. */
import { startChild, stopChild, type Child, type Ended } from './child.js';
import type { Inherited } from './inherited.js';
import type { Prepared } from './prepare.js';
import type { WatchPlan } from './watch-options.js';

/** ms after which such a program is ended. */
const LONGEST = 60_000;

export interface Beside {
  /** Runs a line for a shell to its end, with the environment of the command. */
  run(prepared: Prepared, line: string): Promise<Ended>;
  /** Ends all that is running. */
  end(): void;
}

/** @param inherited the environment that all of them have */
export function openBeside(inherited: Inherited, plan: WatchPlan): Beside {
  const children = new Set<Child>();
  return {
    async run(prepared, line) {
      const child = startChild({ ...prepared, command: ['/bin/sh', '-c', line] }, inherited);
      children.add(child);
      const late = setTimeout(() => void stopChild(child, plan), LONGEST);
      return child.ended.finally(() => {
        clearTimeout(late);
        children.delete(child);
      });
    },
    end() {
      for (const child of children) child.kill('SIGTERM');
    },
  };
}
