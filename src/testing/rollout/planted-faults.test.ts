import { describe, expect, it } from 'vitest';
import { plantedFaults } from './planted-faults.ts';
import { SeededScript, type ScriptRun } from './seeded-script.ts';

/** Where a fault was found, for the table. */
const found: string[] = [];
const mostSeeds = 150;

describe('planted faults of the rollout', () => {
  for (const [invariant, fault, plant] of plantedFaults) {
    it(`${invariant} catches: ${fault}`, () => {
      let caught = 0;
      for (let seed = 1; seed <= mostSeeds && caught === 0; seed++) {
        // a spoiled core may meet one of its own assertions first, which is another way of being caught, and none that is counted here
        const run = attempt(() => new SeededScript(seed, plant()).run(120, 20));
        if (run?.invariants.violations.some((text) => text.startsWith(`${invariant} `)) === true) caught = seed;
      }
      found.push(`${invariant.padEnd(6)} seed ${String(caught).padStart(2)}  ${fault}`);
      expect(caught).toBeGreaterThan(0);
    });
  }

  it('the list of planted faults is as long as it says', () => {
    console.log(`planted faults of the rollout: ${plantedFaults.length}\n${found.join('\n')}`);
    expect(plantedFaults.length).toBe(39);
  });
});

function attempt(run: () => ScriptRun): ScriptRun | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
