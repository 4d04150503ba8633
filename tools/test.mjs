// `npm test`: sets up, finds the tools, and runs vitest with them. `--matrix` asks for all of them; `--fault` runs the fault suite
// with all of them, and nothing else, `--cut` as little of each row as shows that it works; other arguments are vitest's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFidelity } from './fidelity.mjs';
import { writeReliability } from './reliability.mjs';
import { setUp } from './setup.mjs';
import { findTools } from './toolbox.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs everything; what vitest reported, counted. */
async function main(args) {
  await setUp();
  const fault = args.includes('--fault');
  const tools = await findTools({ matrix: fault || args.includes('--matrix') });
  for (const { name, version, command } of [...tools.editors, ...tools.etcds])
    console.log(`${name.padEnd(9)} ${version.padEnd(9)} ${command}`);
  const dir = await mkdtemp(join(tmpdir(), 'etcd-vim-report-'));
  try {
    const report = join(dir, 'report.json');
    const rows = join(dir, 'rows');
    const faults = { ETCD_VIM_FAULTS: args.includes('--cut') ? 'cut' : 'full', ETCD_VIM_FAULT_REPORT: rows };
    const own = ['--matrix', '--fault', '--cut'];
    const wanted = [`--project=${fault ? '' : '!'}fault`, ...args.filter((arg) => !own.includes(arg))];
    const exitCode = await vitest(wanted, report, tools, fault ? faults : {});
    const results = await readFile(report, 'utf8').then(JSON.parse, () => undefined);
    // The whole table or none: a run that was narrowed down knows too little.
    if (args.length === 1 && args[0] === '--matrix' && results) await writeFidelity(results);
    if (args.length === 1 && fault && exitCode === 0) await writeReliability(await readFile(rows, 'utf8'), tools);
    nameFailed(results);
    return count(results, exitCode);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Its exit code. The tests get the tools as JSON in $ETCD_VIM_TEST_TOOLS. */
async function vitest(args, report, tools, variables) {
  const flags = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...flags, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...variables, ETCD_VIM_TEST_TOOLS: JSON.stringify(tools) },
  });
  // The terminal sends Ctrl-C to vitest too, which cleans up; others send to us alone.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

/** A line for each test that failed: .ci/run says them again at its end, which is what is kept of a long output. */
function nameFailed(report) {
  for (const { name, message, assertionResults } of report?.testResults ?? []) {
    const file = relative(root, name);
    const tests = assertionResults.filter(({ status }) => status === 'failed');
    for (const { fullName, failureMessages } of tests) console.log(`failed: ${file}: ${fullName}: ${firstLines(failureMessages[0])}`);
    if (message) console.log(`failed: ${file}: ${firstLines(message)}`);
  }
}

const firstLines = (message = '') => message.replaceAll(/\s+/g, ' ').slice(0, 600);

/** Vitest counts tests alone: a file that does not load, or a hook that fails, has none that failed. Each is one here. */
function count(report, exitCode) {
  const files = report?.testResults ?? [];
  const silent = files.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const { numPassedTests: passed = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report ?? {};
  let failed = numFailedTests + silent.length;
  if (failed === 0 && (exitCode !== 0 || passed === 0)) {
    console.error(passed === 0 ? 'npm test: nothing ran' : `npm test: vitest failed outside of any test (exit code ${exitCode})`);
    failed = 1;
  }
  return { passed, failed, skipped: numPendingTests + numTodoTests };
}

const outcome = await main(process.argv.slice(2)).catch((error) => {
  console.error(`npm test: ${error.message}`);
  return { passed: 0, failed: 1, skipped: 0 };
});
process.exitCode = outcome.failed === 0 ? 0 : 1;
console.log(`${outcome.passed} passed, ${outcome.failed} failed${outcome.skipped > 0 ? `, ${outcome.skipped} skipped` : ''}`);
