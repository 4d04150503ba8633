// A reporter of vitest's: all that failed, as JSON in the file that $ETCD_VIM_FAILURES names. Vitest's own JSON knows the tests that
// failed, but neither a hook, whose tests are merely skipped, nor what was thrown outside of any test.
import { writeFileSync } from 'node:fs';

/**
 * @typedef {{ what: string, why: string }} Failure `why`: the first 600 characters, in one line
 */
export default class Failures {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly { message: string }[]} unhandled
   */
  onTestRunEnd(modules, unhandled) {
    const failures = [...modules.flatMap(ofModule), ...unhandled.map((error) => failure('outside of any test', [error]))];
    writeFileSync(process.env.ETCD_VIM_FAILURES, JSON.stringify(failures));
  }
}

/** @returns {Failure[]} */
function ofModule(module) {
  const file = module.relativeModuleId;
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  return [
    ...(module.errors().length > 0 ? [failure(file, module.errors())] : []),
    ...suites.map((suite) => failure(`${file}: ${suite.fullName}: a hook`, suite.errors())),
    ...[...module.children.allTests('failed')].map((test) => failure(`${file}: ${test.fullName}`, test.result().errors)),
  ];
}

function failure(what, errors) {
  return { what, why: (errors[0]?.message ?? '').replaceAll(/\s+/g, ' ').slice(0, 600) };
}
