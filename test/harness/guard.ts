/** Whatever a test or a program has started ends with it, however it ends: the kernel then closes the input of a shell. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Guard {
  /** From now on these processes end with us, instead of those that were named before. */
  watch(pids: readonly number[]): void;
  /** Does its work at once. Resolves when it is done. */
  end(): Promise<void>;
}

/** Each line of its input names all processes that run. A killed one may write into the folder for a moment more. */
const SCRIPT = `pids=
while read -r line; do pids=$line; done
[ -z "$pids" ] || kill -9 $pids
rm -rf "$0" || { sleep 1; rm -rf "$0"; }`;

/** @param dir a folder, which is deleted too */
export function startGuard(dir: string): Guard {
  // A session of its own: what the terminal sends (Ctrl-C, Ctrl-Z) is not for it.
  const shell = spawn('sh', ['-c', SCRIPT, dir], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const gone = once(shell, 'exit');
  shell.stdin.on('error', () => undefined);
  return {
    watch: (pids) => void shell.stdin.write(`${pids.join(' ')}\n`),
    async end() {
      shell.stdin.end();
      await gone;
    },
  };
}
