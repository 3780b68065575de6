import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    pool: 'threads',
    maxWorkers: 2,
    // A guard against a hanging test, not a measurement: property tests on a loaded machine take their time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: { include: ['src/**'], exclude: ['**/*.test.ts', 'src/testing/**'] },
  },
});
