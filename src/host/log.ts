/** The last requests and errors in detail, for `:Etcd log`. They are only in memory, and never hold a value or a secret. */

const KEPT_LINES = 500;
const lines: string[] = [];

/** @param line without a time, which is added */
export function log(line: string): void {
  lines.push(`${new Date().toISOString()} ${line}`);
  if (lines.length > KEPT_LINES) lines.splice(0, lines.length - KEPT_LINES);
}

/** The lines that are kept, oldest first. */
export function logged(): string[] {
  return [...lines];
}
