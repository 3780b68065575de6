import { TrialRegistry } from '../../research/trial-registry.ts';

/** One of several processes that append to the same registry: `node registry-writer.ts FOLDER NAME APPENDS`. */
const [folder, name, appends] = process.argv.slice(2);
const registry = new TrialRegistry(folder);
const scope = { dataHash: 'd', instruments: Array.from({ length: 60 }, (_, i) => `I${i}`), from: 1, to: 2 };
for (let n = 0; n < Number(appends); n++) {
  registry.count(
    Array.from({ length: 20 }, (_, i) => ({
      algorithm: 'shared',
      version: '1.0.0',
      runId: `${name}-${n}-${i}`,
      kind: 'sweep' as const,
      sharpe: i / 10,
      scope,
    })),
  );
}
