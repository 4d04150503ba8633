import { defineConfig } from 'vitest/config';

const project = (name: string, timeout: number) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeout, hookTimeout: timeout, environment: 'node' as const },
});

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [project('unit', 30_000), project('etcd', 60_000), project('editor', 60_000)],
  },
});
