/**
 * What a row of the suite tried and saw. A row passes with no violation, with every trial made, and with its fault really hit:
 * a fault that never happened proves nothing. The lines are printed, and kept in $ETCD_VIM_FAULT_REPORT for doc/reliability.md.
 */
import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';
import { isFull, trials, type Row } from './trials.js';

export interface Ledger {
  /** How often to try. */
  readonly wanted: number;
  /** One trial is over. @param ms how long what is bounded took */
  tried(ms?: number): void;
  /** The fault has really met what is tested. */
  hit(): void;
  violation(text: string): void;
  /** A violation where `ok` is false. */
  hold(ok: boolean, text: string): void;
}

/** @param on the server or the editor */
export async function row(name: Row, on: string, body: (ledger: Ledger) => Promise<void>): Promise<void> {
  const wanted = trials[name][isFull ? 'full' : 'cut'];
  const violations: string[] = [];
  let [tries, hits, worst] = [0, 0, 0];
  const ledger: Ledger = {
    wanted,
    tried(ms = 0) {
      tries++;
      worst = Math.max(worst, ms);
    },
    hit() {
      hits++;
    },
    violation: (text) => void violations.push(text),
    hold(ok, text) {
      if (!ok) violations.push(text);
    },
  };
  try {
    await body(ledger);
  } finally {
    report({ row: name, on, trials: tries, hits, violations: violations.length, worst: Math.round(worst) });
  }
  expect(violations).toEqual([]);
  expect(tries, 'trials').toBeGreaterThan(0);
  expect(hits, 'trials in which the fault was really hit').toBeGreaterThan(0);
}

interface Line {
  row: Row;
  on: string;
  trials: number;
  hits: number;
  violations: number;
  /** ms */
  worst: number;
}

function report(line: Line): void {
  const { row: name, on, trials: tries, hits, violations, worst } = line;
  const columns = [name.padEnd(20), on.padEnd(9), `${tries} trials`.padStart(12), `${hits} hit`.padStart(9)];
  process.stdout.write(`${columns.join(' ')} ${violations} violations${worst > 0 ? `, worst ${worst} ms` : ''}\n`);
  const file = process.env['ETCD_VIM_FAULT_REPORT'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`);
}
