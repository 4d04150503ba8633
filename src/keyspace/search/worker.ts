/** A regular expression on bytes, in a thread of its own. If it never ends, it holds nobody up there, and can be stopped. */
import type { Worker } from 'node:worker_threads';

/** What the thread is started with. */
export interface Task {
  source: string;
  flags: string;
  /** Match each line for itself. */
  lines: boolean;
  /** Two counters: which subject is being matched, from 1 on, and the lines so far in all subjects. */
  progress: SharedArrayBuffer;
}

/** Subjects one after the other, and the end of each. */
export interface Work {
  bytes: Uint8Array;
  ends: Uint32Array;
}

/** @returns a thread that answers each {@link Work} with an Int32Array: for each hit index, line, start of line, start, end */
export function startWorker(task: Task): Worker {
  const threads = process.getBuiltinModule('node:worker_threads');
  return new threads.Worker(`(${matchForever.toString()})()`, { eval: true, workerData: task, name: 'etcd-search' });
}

/**
 * The thread. Only its text is sent there, so it may use nothing from around it. If it were a file of its own, each of our bundles
 * would have to find it.
 */
function matchForever(): void {
  const threads = process.getBuiltinModule('node:worker_threads');
  const { Buffer: Bytes, isUtf8 } = process.getBuiltinModule('node:buffer');
  const { source, flags, lines, progress }: Task = threads.workerData as Task;
  const pattern = new RegExp(source, flags);
  const counters = new Int32Array(progress);

  threads.parentPort?.on('message', ({ bytes, ends }: Work) => {
    const hits: number[] = [];
    const all = Bytes.from(bytes.buffer, bytes.byteOffset, bytes.length);
    ends.forEach((end, index) => {
      const subject = all.subarray(index === 0 ? 0 : ends[index - 1], end);
      Atomics.store(counters, 0, index + 1);
      // Whatever is not UTF-8 is matched byte by byte.
      const encoding = isUtf8(subject) ? 'utf8' : 'latin1';
      let start = 0;
      for (let line = 1; start < subject.length || line === 1; line++) {
        Atomics.add(counters, 1, 1);
        const newline = lines ? subject.indexOf(10, start) : -1;
        const stop = newline < 0 ? subject.length : newline;
        const text = subject.toString(encoding, start, lines && subject[stop - 1] === 13 && stop > start ? stop - 1 : stop);
        const match = pattern.exec(text);
        if (match) {
          const from = start + Bytes.byteLength(text.slice(0, match.index), encoding);
          hits.push(index, line, start, from, from + Bytes.byteLength(match[0], encoding));
        }
        if (newline < 0) break;
        start = newline + 1;
      }
    });
    threads.parentPort?.postMessage(Int32Array.from(hits));
  });
}
