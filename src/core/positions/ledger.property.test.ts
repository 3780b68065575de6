import { expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { casesOf } from '../../testing/cases.ts';
import { comparePair } from '../../testing/ledger/compare.ts';
import { ledgerOperations, noCounts, runHistory } from '../../testing/ledger/history.ts';
import { ledgerWorld } from '../../testing/ledger/world.ts';

const histories = casesOf(100_000);

test(`${histories} random histories equal the bigint oracle to the unit`, () => {
  const random = prng('ledger histories');
  const registry = ledgerWorld();
  const counts = noCounts();
  let seen = 0;
  for (; seen < histories; seen++) {
    const pair = runHistory(random, registry, ledgerOperations, counts);
    comparePair(pair);
    if (pair.wrong !== undefined) expect.fail(`history ${seen}: ${pair.wrong}`);
  }
  console.log(
    `ledger: ${seen} histories, ${Object.entries(counts)
      .map(([name, n]) => `${name} ${n}`)
      .join(', ')}`,
  );
  expect(seen).toBe(histories);
  for (const [name, n] of Object.entries(counts)) expect(n, name).toBeGreaterThan(histories / 20);
}, 600_000);
