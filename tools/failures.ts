/**
 * A reporter for vitest: everything that failed, as JSON in the file that $ETCD_VIM_FAILURES names. Vitest's own JSON has the tests that
 * failed, but it misses a failed hook, whose tests are merely skipped, and what was thrown outside of any test. If a test passed only when
 * it was tried again, its first failure is printed: that is a fault of the product or of the test.
 */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export interface Failure {
  what: string;
  /** The first 600 characters, in one line. */
  why: string;
}

export default class Failures implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message: string }[]): void {
    const failures = [...modules.flatMap(ofModule), ...unhandled.map((error) => failure('outside of any test', [error]))];
    for (const test of modules.flatMap((module) => [...module.children.allTests('passed')])) {
      if (test.diagnostic()?.flaky) process.stdout.write(`retried: ${test.module.relativeModuleId}: ${test.fullName}\n${whole(test)}\n`);
    }
    writeFileSync(process.env['ETCD_VIM_FAILURES'] ?? '', JSON.stringify(failures));
  }
}

function ofModule(module: TestModule): Failure[] {
  const file = module.relativeModuleId;
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  return [
    ...(module.errors().length > 0 ? [failure(file, module.errors())] : []),
    ...suites.map((suite) => failure(`${file}: ${suite.fullName}: a hook`, suite.errors())),
    ...[...module.children.allTests('failed')].map((test) => failure(`${file}: ${test.fullName}`, test.result().errors)),
  ];
}

function failure(what: string, errors: readonly { message: string }[] = []): Failure {
  return { what, why: (errors[0]?.message ?? '').replaceAll(/\s+/g, ' ').slice(0, 600) };
}

/** The message with the screen of the editor, which many have, and the line of the test. */
function whole(test: TestCase): string {
  return (test.result().errors ?? [])
    .map(({ message, stacks = [] }) => `${message}\n    ${stacks.map(({ file, line }) => `${file}:${line}`).join('\n    ')}`)
    .join('\n');
}
