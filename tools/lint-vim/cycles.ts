/** The rule about calls between files: they run one way. So a file can be read, and changed, together with only those below it. */
import type { Script } from './script.js';
import { referencesIn, type FileFinding } from './usage.js';

/** A call of another file, and its line. */
interface Call {
  line: number;
  to: string;
}

type Calls = ReadonlyMap<string, readonly Call[]>;

/**
 * No file may call a file that calls it back, through however many others. For each knot one circle is told, the shortest through the first
 * of its files. A function that is only named, as by function(), counts as called.
 */
export function cycles(scripts: readonly Script[]): FileFinding[] {
  const calls: Calls = new Map(scripts.map((script) => [script.name, callsOf(script)]));
  const problems: FileFinding[] = [];
  for (const file of [...calls.keys()].sort()) {
    const circle = shortestCircle(file, calls);
    // The other files of a circle find it, too.
    if (!circle || circle.some((other) => other < file)) continue;
    const line = calls.get(file)?.find(({ to }) => to === circle[1])?.line ?? 1;
    problems.push({ file, line, message: `files call each other in a circle: ${circle.map(short).join(' -> ')}` });
  }
  return problems;
}

/** The calls of other files, with their lines. */
function callsOf({ name, statements }: Script): Call[] {
  return statements
    .flatMap(({ line, text }) => referencesIn(text).map((called) => ({ line, to: fileOf(called) })))
    .filter(({ to }) => to !== name);
}

function fileOf(called: string): string {
  return `autoload/${called.split('#').slice(0, -1).join('/')}.vim`;
}

/** The files on the way from {start} back to it, both ends included. */
function shortestCircle(start: string, calls: Calls): string[] | undefined {
  const seen = new Set<string>();
  const ways = [[start]];
  for (const way of ways) {
    for (const { to } of calls.get(way.at(-1) ?? start) ?? []) {
      if (to === start) return [...way, start];
      if (seen.has(to)) continue;
      seen.add(to);
      ways.push([...way, to]);
    }
  }
  return undefined;
}

function short(file: string): string {
  return file.replace(/^autoload\/(.*)\.vim$/, '$1');
}
