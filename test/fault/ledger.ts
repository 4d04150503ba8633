/**
 * What a row of the suite has tried and seen. A row passes if there was no violation, if every trial was made, and if its fault really hit
 * as often as promised: a fault that never happened proves nothing. The lines are printed, and kept in $ETCD_VIM_FAULT_REPORT for
 * doc/reliability.md.
 */
import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';
import { isFull, trials, type Row } from './trials.js';

export interface Ledger {
  /** How often to try. */
  readonly wanted: number;
  /** What the row is held to, if that is not `wanted` trials that are all hit. */
  promise(promised: Promised): void;
  /** One trial is over. @param ms how long the bounded part took */
  tried(ms?: number): void;
  /** The fault has really met what is tested. */
  hit(): void;
  violation(text: string): void;
  /** A violation if `ok` is false. */
  hold(ok: boolean, text: string): void;
  /** A violation of time only. A retry may clear it, and no other violation. */
  inTime(ms: number, bound: number, text: string): void;
}

/** What a row is held to, besides having no violations. */
export interface Promised {
  /** Exactly so many trials; by default `wanted`. */
  trials?: number;
  /** There may be more of them, because how many fit into the time is no promise. */
  orMore?: boolean;
  /** At least so many of the trials; by default all of them. */
  hits?: (trials: number) => number;
}

/** By row: violations that a retry does not clear. */
const lasting = new Map<string, string[]>();

/** @param on the server or the editor */
export async function row(name: Row, on: string, body: (ledger: Ledger) => Promise<void>): Promise<void> {
  const wanted = trials[name][isFull ? 'full' : 'cut'];
  const mine = `${name} ${on}`;
  const violations = lasting.get(mine) ?? [];
  lasting.set(mine, violations);
  const late: string[] = [];
  let [tries, hits, worst] = [0, 0, 0];
  let promised: Promised = {};
  const ledger: Ledger = {
    wanted,
    promise: (more) => void (promised = more),
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
    inTime(ms, bound, text) {
      if (!(ms < bound)) late.push(`${text}: ${ms.toFixed(0)} ms, over ${bound.toFixed(0)}`);
    },
  };
  try {
    await body(ledger);
  } finally {
    report({ row: name, on, trials: tries, hits, violations: violations.length + late.length, worst: Math.round(worst) });
    // They are printed here too. If something else ended the row, nobody would see them otherwise.
    for (const violation of [...violations, ...late]) process.stdout.write(`${mine}: ${violation}\n`);
  }
  expect([...violations, ...late]).toEqual([]);
  const { trials: promisedTrials = wanted, orMore = false, hits: promisedHits = (all: number) => all } = promised;
  if (!orMore) expect(tries, 'trials').toBe(promisedTrials);
  expect(tries, 'trials').toBeGreaterThanOrEqual(promisedTrials);
  expect(hits, 'trials in which the fault was really hit').toBeGreaterThanOrEqual(promisedHits(tries));
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
