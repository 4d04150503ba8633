/** Finds where a pattern matches in values or names: the first match of each line. */
import { EtcdError } from '../../client/index.js';
import { regexpOf, type Pattern } from './pattern.js';
import { startWorker, type Work } from './worker.js';

/** All but the first two are in bytes from the beginning of the subject. */
export interface Match {
  /** The index of the subject, from 0 on. */
  index: number;
  /** From 1 on. */
  line: number;
  lineStart: number;
  start: number;
  end: number;
}

export interface Matcher {
  /**
   * Make one call at a time.
   * @param nameOf what a subject is called, for messages
   * @returns in order
   * @throws EtcdError timeout with the name of the subject on which the expression does not end
   */
  match(subjects: readonly Buffer[], nameOf: (index: number) => string): Match[] | Promise<Match[]>;
  close(): void;
}

/** ms between two looks at whether the expression makes progress. */
const LOOK_EVERY = 1000;
/** After so many looks at the same line it counts as stuck. */
const TOO_MANY_LOOKS = 2;
const NEWLINE = 10;

/**
 * @param lines match each line for itself; if false, a subject is one line
 * @throws EtcdError invalid_value for an invalid regular expression, and for an empty text
 */
export function openMatcher(pattern: Pattern, lines: boolean): Matcher {
  const regexp = regexpOf(pattern);
  if (regexp) return openThread(regexp, lines);
  const text = Buffer.from((pattern as { text: string }).text);
  if (text.length === 0) throw new EtcdError('invalid_value', 'the pattern is empty');
  return { match: (subjects) => subjects.flatMap((subject, index) => find(subject, text, index, lines)), close: () => undefined };
}

/** The text has no newline, so it is searched in whole values. */
function find(subject: Buffer, text: Buffer, index: number, lines: boolean): Match[] {
  const matches: Match[] = [];
  let [line, lineStart] = [1, 0];
  for (let start = subject.indexOf(text); start >= 0;) {
    for (let newline = lines ? subject.indexOf(NEWLINE, lineStart) : -1; newline >= 0 && newline < start;) {
      line++;
      lineStart = newline + 1;
      newline = subject.indexOf(NEWLINE, lineStart);
    }
    matches.push({ index, line, lineStart, start, end: start + text.length });
    const next = lines ? subject.indexOf(NEWLINE, start) : -1;
    start = next < 0 ? -1 : subject.indexOf(text, next + 1);
  }
  return matches;
}

function openThread(regexp: RegExp, lines: boolean): Matcher {
  const progress = new SharedArrayBuffer(8);
  const counters = new Int32Array(progress);
  const worker = startWorker({ source: regexp.source, flags: regexp.flags, lines, progress });
  let failed: Error | undefined;
  worker.on('error', (error: Error) => (failed = error));
  worker.unref();
  return {
    match: async (subjects, nameOf) => {
      if (failed) throw failed;
      return matchesIn(await ask(worker, workOf(subjects), counters, nameOf));
    },
    close: () => void worker.terminate(),
  };
}

/** One question to the thread. */
function ask(worker: ReturnType<typeof startWorker>, work: Work, counters: Int32Array, nameOf: (index: number) => string) {
  return new Promise<Int32Array>((resolve, reject) => {
    let [lines, looks] = [-1, 0];
    const done = (): void => {
      clearInterval(look);
      worker.off('message', heard).off('error', reject).off('exit', gone);
    };
    const heard = (hits: Int32Array): void => {
      done();
      resolve(hits);
    };
    const gone = (): void => {
      done();
      reject(new EtcdError('cancelled', 'the search was stopped', { indefinite: true }));
    };
    const look = setInterval(() => {
      const now = Atomics.load(counters, 1);
      // A thread that has not begun yet, or was stopped together with us, is not slow.
      looks = now > 0 && now === lines ? looks + 1 : 0;
      if (looks === TOO_MANY_LOOKS) {
        done();
        reject(tooSlow(nameOf(Atomics.load(counters, 0) - 1)));
      }
      lines = now;
    }, LOOK_EVERY);
    worker.on('message', heard).on('error', reject).on('exit', gone);
    worker.postMessage(work, [work.bytes.buffer as ArrayBuffer]);
  });
}

function tooSlow(name: string): EtcdError {
  return new EtcdError('timeout', `the regular expression does not come to an end in ${name}`, {
    hint: 'repetitions within repetitions, like (a+)+, take for ever',
  });
}

function workOf(subjects: readonly Buffer[]): Work {
  const bytes = new Uint8Array(subjects.reduce((sum, { length }) => sum + length, 0));
  const ends = new Uint32Array(subjects.length);
  let end = 0;
  for (const [index, subject] of subjects.entries()) {
    bytes.set(subject, end);
    ends[index] = end += subject.length;
  }
  return { bytes, ends };
}

function matchesIn(hits: Int32Array): Match[] {
  const matches: Match[] = [];
  for (let i = 0; i < hits.length; i += 5) {
    const [index, line, lineStart, start, end] = hits.subarray(i, i + 5) as unknown as [number, number, number, number, number];
    matches.push({ index, line, lineStart, start, end });
  }
  return matches;
}
