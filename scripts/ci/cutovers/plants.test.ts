import { expect, it } from 'vitest';
import { runSeed } from './campaign.ts';
import { plantedFaults } from './plants.ts';

it.each(plantedFaults)('$caughtBy catches: $name', ({ name, terms, caughtBy, plant }) => {
  // the same seed is sound without it: what is found is the planted fault
  expect(runSeed(terms).faults).toEqual([]);
  const found = runSeed(terms, plant()).faults.filter((one) => one.startsWith(`${caughtBy} `));
  console.log(`${caughtBy.padEnd(10)} seed ${terms.seed}  ${name}`);
  expect(found.length).toBeGreaterThan(0);
});
