/** The last requests and errors in detail, for `:Etcd log`. In memory only; never a value, never a secret. */

const KEPT_LINES = 500;
const lines: string[] = [];

/** @param line without a time; it gets one */
export function log(line: string): void {
  lines.push(`${new Date().toISOString()} ${line}`);
  if (lines.length > KEPT_LINES) lines.splice(0, lines.length - KEPT_LINES);
}

/** The lines that are kept, oldest first. */
export function logged(): string[] {
  return [...lines];
}
