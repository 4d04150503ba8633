/** Pipes of a program that has ended. Something that it has started may still hold them, like an agent or a server. */
import type { ChildProcess } from 'node:child_process';

/** ms that are left to read the rest of the output after a program has ended. The rest is in the pipes already. */
const REST = 300;

/**
 * Ends the child soon after its program has ended. By itself Node waits for the end of the pipes, and whoever holds them may put that off
 * for ever.
 * @param onHeld is called before the pipes are let go
 */
export function letGoOfPipes(child: ChildProcess, onHeld: () => void = () => undefined): void {
  child.once('exit', () => {
    const timer = setTimeout(() => {
      onHeld();
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, REST);
    child.once('close', () => clearTimeout(timer));
  });
}
