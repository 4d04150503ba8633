/** What the two programs of etcdenv have in common: how they warn, and how they end. */
import { oneLine, tell } from './failure.js';
import { writeAll } from './files.js';

/** One line on stderr; nothing ends. */
export function warn(text: string): void {
  say(oneLine(`etcdenv: warning: ${text}`));
}

/** Runs it, and ends the process. What it throws is one line on stderr, and an exit code. */
export function run(work: () => Promise<void>): void {
  void work()
    .catch((thrown: unknown) => {
      const { line, exit } = tell(thrown);
      process.exitCode = exit;
      say(line);
    })
    // All is written. What is still open, as a connection, would cost milliseconds if it were closed in order.
    .finally(() => process.exit());
}

/** If stderr is full, or its reader is gone, nobody can be told. That changes neither what we do nor our exit code. */
function say(line: string): void {
  try {
    writeAll(2, Buffer.from(`${line}\n`));
  } catch {
    // See above.
  }
}
