/** Files that hold secrets: only this user can read them, and they are either whole or not there. */
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { failure } from './failure.js';

/** @throws Failure; then the file has not changed */
export function replaceFile(file: string, bytes: Buffer): void {
  const next = `${file}.${process.pid}.new`;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(next, 'wx', 0o600);
    fchmodSync(descriptor, 0o600);
    writeAll(descriptor, bytes);
    fsyncSync(descriptor);
    renameSync(next, file);
  } catch (thrown) {
    rmSync(next, { force: true });
    throw failure(`${file} cannot be written (${(thrown as NodeJS.ErrnoException).code ?? 'unknown'})`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** A pipe takes only what fits, and may say that it is full. */
export function writeAll(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EAGAIN') throw thrown;
    }
  }
}
