import { defineConfig } from 'vitest/config';

// What `npm test` and CI run: tests as they are compiled (scripts/bootstrap/compile.mjs), loaded by Node itself and each module once per thread. docs/decisions/0037.
const guards = { pool: 'threads', testTimeout: 120_000, hookTimeout: 120_000 } as const;
/** Replaces modules of the product by `vi.mock`, which only Vite's own loader can: it runs from its sources. */
const replacing = 'src/testing/reconcile/reconcile.test';

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        root: '.plimsoll/compiled',
        test: {
          ...guards,
          name: 'compiled',
          include: ['{src,scripts}/**/*.test.js'],
          exclude: [`${replacing}.js`],
          isolate: false,
          server: { deps: { external: [/\/\.plimsoll\/compiled\//] } },
        },
      },
      { test: { ...guards, name: 'sources', include: [`${replacing}.ts`] } },
    ],
  },
});
