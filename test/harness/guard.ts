/** What a test or a program has started ends with it, in whatever way it ends: the kernel then closes the input of a shell. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Guard {
  /** Processes that are to go with us from now on, in place of those that were named before. */
  watch(pids: readonly number[]): void;
  /** Does at once what it is there for; resolves when it is done. */
  end(): Promise<void>;
}

/** Each line of its input are all that run. What was killed may write into the folder for a moment more. */
const SCRIPT = `pids=
while read -r line; do pids=$line; done
[ -z "$pids" ] || kill -9 $pids
rm -rf "$0" || { sleep 1; rm -rf "$0"; }`;

/** @param dir a folder, which goes too */
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
