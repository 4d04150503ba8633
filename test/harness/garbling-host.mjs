#!/usr/bin/env node
// Stands in for Node (g:etcd.node): runs the real host and passes its frames on, each behind garbled ones, while $HOME/garble exists.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { garble, random } from './garble.mjs';

const GARBLED_FOR_EACH = 20;
const host = spawn(process.execPath, process.argv.slice(2), { stdio: ['pipe', 'pipe', 'ignore'] });
const next = random(Number(process.env.ETCD_VIM_TEST_SEED));
process.stdin.pipe(host.stdin);
createInterface(host.stdout).on('line', (line) => {
  if (existsSync(`${process.env.HOME}/garble`)) {
    for (let i = 0; i < GARBLED_FOR_EACH; i++) {
      process.stdout.write(garble(Buffer.from(line), next));
      process.stdout.write('\n');
    }
  }
  process.stdout.write(`${line}\n`);
});
host.on('exit', (code) => process.exit(code ?? 1));
