import { defineConfig } from 'vitest/config';

/** Real editors in real terminals on shared machines: a test that fails is tried once more, and named in the report. */
const project = (name: string, timeout: number, retry = 0) => ({
  test: { name, retry, include: [`test/${name}/**/*.test.ts`], testTimeout: timeout, hookTimeout: timeout, environment: 'node' as const },
});

/** Here a violation is a violation; which rows may be tried again, and for what, is up to them: test/fault/trials.ts. */
const faults = project('fault', 120_000);

export default defineConfig({
  test: {
    pool: 'forks',
    // Most of a test is waiting for another process: two at a time also where there are two cores; most of a fault is waiting for a
    // deadline.
    maxWorkers: process.env['ETCD_VIM_FAULTS'] ? 3 : 2,
    projects: [project('unit', 60_000), project('etcd', 60_000, 1), project('editor', 60_000, 1), faults],
  },
});
