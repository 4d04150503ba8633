import { defineConfig } from 'vitest/config';

/** Real editors in real terminals on shared machines: a test that fails is tried once more, and named in the report. */
const project = (name: string, timeout: number, retry = 0) => ({
  test: { name, retry, include: [`test/${name}/**/*.test.ts`], testTimeout: timeout, hookTimeout: timeout, environment: 'node' as const },
});

/** A violation is a violation: only the cut of .ci/run tries once more, as it does others. */
const again = process.env['ETCD_VIM_FAULTS'] === 'cut' ? 1 : 0;
const faults = project('fault', 120_000, again);

export default defineConfig({
  test: {
    pool: 'forks',
    // Most of a test is waiting for another process: two at a time also where there are two cores.
    maxWorkers: 2,
    projects: [project('unit', 30_000), project('etcd', 60_000, 1), project('editor', 60_000, 1), faults],
  },
});
