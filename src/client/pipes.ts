/** Pipes of a program that has ended, which something that it has started may still hold: an agent, a server. */
import type { ChildProcess } from 'node:child_process';

/** ms after the end of a program in which the rest of what it has printed is read. It is in the pipes already. */
const REST = 300;

/**
 * The child is over soon after its program has ended: Node waits for the end of its pipes, which who holds them may put off for ever.
 * @param onHeld is called before they are let go
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
