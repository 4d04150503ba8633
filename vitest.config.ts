import { defineConfig } from 'vitest/config';

/** With many runs of the models (test/harness/runs.ts) a test may take as long as it takes. */
const patience = process.env['ETCD_VIM_RUNS'] === undefined ? 0 : 3_600_000;

/** Real editors in real terminals on shared machines: a failed test is tried once more, and named in the report. */
const project = (name: string, timeout: number, retry = 0) => ({
  test: {
    name,
    retry,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: Math.max(timeout, patience),
    hookTimeout: timeout,
    environment: 'node' as const,
  },
});

/** Here a violation stays one. A test is tried again only if something else has ended it: test/fault/trials.ts. */
const faults = project('fault', 120_000);

/** What the client does with connections, once more over the transport of bin/etcdenv. */
const overHttp = {
  test: {
    ...project('etcd', 60_000, 1).test,
    name: 'etcd-http',
    include: ['reach', 'tls', 'auth', 'txn', 'quorum', 'messages'].map((file) => `test/etcd/${file}.test.ts`),
    env: { ETCD_VIM_TEST_TRANSPORT: 'node-http' },
  },
};

export default defineConfig({
  test: {
    pool: 'forks',
    // Most of a test is waiting for another process, and most of a fault for a deadline. With three at a time, no core is idle if there are
    // two.
    maxWorkers: 3,
    projects: [project('unit', 60_000), project('etcd', 60_000, 1), overHttp, project('editor', 60_000, 1), faults],
  },
});
