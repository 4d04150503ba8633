#!/usr/bin/env node
// Stands in for Node (g:etcd.node). It runs the real host and passes its frames on. While $HOME/garble exists, garbled ones come before
// each frame. For each of these it adds a character to that file: 1 if it differs from the frame, else 0.
import { spawn } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { garble } from './garble.mjs';
import { randomOf } from './random.mjs';

const GARBLED_FOR_EACH = 20;
const counter = `${process.env['HOME']}/garble`;
const host = spawn(process.execPath, process.argv.slice(2), { stdio: ['pipe', 'pipe', 'ignore'] });
const { next } = randomOf(Number(process.env['ETCD_VIM_TEST_SEED']));
process.stdin.pipe(host.stdin);
createInterface(host.stdout).on('line', (line) => {
  const file = opened();
  if (file !== undefined) {
    for (let i = 0; i < GARBLED_FOR_EACH; i++) {
      const frame = garble(Buffer.from(line), next);
      process.stdout.write(frame);
      process.stdout.write('\n');
      writeSync(file, frame.equals(Buffer.from(line)) ? '0' : '1');
    }
    closeSync(file);
  }
  process.stdout.write(`${line}\n`);
});

/** Never creates the file: it may be removed at any time, and must stay removed. */
function opened() {
  try {
    return openSync(counter, constants.O_WRONLY | constants.O_APPEND);
  } catch {
    return undefined;
  }
}

host.on('exit', (code) => process.exit(code ?? 1));
