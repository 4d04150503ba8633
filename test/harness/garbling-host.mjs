#!/usr/bin/env node
// Stands in for Node (g:etcd.node): runs the real host and passes its frames on, each behind garbled ones, while $HOME/garble exists.
// For each of these it adds a character to that file: 1 where it differs from the frame, else 0.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { garble, random } from './garble.mjs';

const GARBLED_FOR_EACH = 20;
const counter = `${process.env.HOME}/garble`;
const host = spawn(process.execPath, process.argv.slice(2), { stdio: ['pipe', 'pipe', 'ignore'] });
const next = random(Number(process.env.ETCD_VIM_TEST_SEED));
process.stdin.pipe(host.stdin);
createInterface(host.stdout).on('line', (line) => {
  if (existsSync(counter)) {
    for (let i = 0; i < GARBLED_FOR_EACH; i++) {
      const frame = garble(Buffer.from(line), next);
      process.stdout.write(frame);
      process.stdout.write('\n');
      appendFileSync(counter, frame.equals(Buffer.from(line)) ? '0' : '1');
    }
  }
  process.stdout.write(`${line}\n`);
});
host.on('exit', (code) => process.exit(code ?? 1));
