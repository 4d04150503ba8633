// `npm test`: sets up, finds the tools, and runs vitest with them. `--matrix` asks for all tools. `--fault` runs the fault suite, and
// nothing else, with all tools; with `--cut`, as little of each row as shows that it works. Other arguments are vitest's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeReliability } from './reliability.mjs';
import { setUp } from './setup.mjs';
import { findTools } from './toolbox.mjs';
import { load } from './typescript.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs everything.
 * @param {string[]} args
 * @returns what vitest reported, counted
 */
async function main(args) {
  await setUp();
  const fault = args.includes('--fault');
  const tools = await findTools({ matrix: fault || args.includes('--matrix') });
  for (const { name, version, command } of [...tools.editors, ...tools.etcds])
    console.log(`${name.padEnd(9)} ${version.padEnd(9)} ${command}`);
  const dir = await mkdtemp(join(tmpdir(), 'etcd-vim-report-'));
  try {
    const report = join(dir, 'report.json');
    const failures = join(dir, 'failures.json');
    const rows = join(dir, 'rows');
    const faults = fault ? { ETCD_VIM_FAULTS: args.includes('--cut') ? 'cut' : 'full', ETCD_VIM_FAULT_REPORT: rows } : {};
    const own = ['--matrix', '--fault', '--cut'];
    const wanted = [`--project=${fault ? '' : '!'}fault`, ...args.filter((arg) => !own.includes(arg))];
    const exitCode = await vitest(wanted, report, tools, { ...faults, ETCD_VIM_FAILURES: failures });
    const results = await readJson(report);
    // It writes the whole table or nothing, because a run of some tests knows too little.
    if (args.length === 1 && args[0] === '--matrix' && results) await (await load('tools/fidelity.ts')).writeFidelity(results);
    // Each row of the fault suite stands for itself, so a whole file will do, but not some of its tests.
    const files = args.filter((arg) => arg !== '--fault');
    if (fault && exitCode === 0 && files.every((arg) => arg.endsWith('.test.ts')))
      await writeReliability(await readFile(rows, 'utf8'), tools, files.length === 0);
    const failed = (await readJson(failures)) ?? [];
    const { numPassedTests: passed = 0, numPendingTests = 0, numTodoTests = 0 } = results ?? {};
    if (failed.length === 0 && (exitCode !== 0 || passed === 0))
      failed.push({ what: 'npm test', why: exitCode === 0 ? 'nothing ran' : `vitest ended with ${exitCode}` });
    // .ci/run prints these lines again at its end, because of a long output only the end is kept.
    for (const { what, why } of failed) console.log(`failed: ${what}: ${why}`);
    return { passed, failed: failed.length, skipped: numPendingTests + numTodoTests };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/**
 * The tests get the tools as JSON in $ETCD_VIM_TEST_TOOLS.
 * @param {string[]} args
 * @param {string} report the file for vitest's own report
 * @param {import('./toolbox.mjs').Tools} tools
 * @param {Record<string, string>} variables
 * @returns {Promise<number>} its exit code
 */
async function vitest(args, report, tools, variables) {
  const flags = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`, '--reporter=./tools/failures.ts'];
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...flags, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...variables, ETCD_VIM_TEST_TOOLS: JSON.stringify(tools) },
  });
  // The terminal also sends Ctrl-C to vitest, which cleans up. Other signals are sent only to us.
  process.on('SIGINT', () => {});
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

/**
 * The contents of a file; undefined if there is none, because vitest did not come to its end.
 * @param {string} file
 */
async function readJson(file) {
  return readFile(file, 'utf8').then(JSON.parse, () => undefined);
}

const outcome = await main(process.argv.slice(2)).catch((error) => {
  console.log(`failed: npm test: ${error.message}`);
  return { passed: 0, failed: 1, skipped: 0 };
});
process.exitCode = outcome.failed === 0 ? 0 : 1;
console.log(`${outcome.passed} passed, ${outcome.failed} failed${outcome.skipped > 0 ? `, ${outcome.skipped} skipped` : ''}`);
