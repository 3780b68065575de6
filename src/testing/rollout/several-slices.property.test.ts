import { describe, expect, it } from 'vitest';
import { SeveralSlices, sliceFaults } from './several-slices.ts';

const [seeds, actions] = [10, 200];

describe('several slices that share accounts', () => {
  it('CAP2: what all of them use at an account is within what all of them have', () => {
    const cases = new Map<string, number>();
    for (let seed = 1; seed <= seeds; seed++) {
      const life = new SeveralSlices(seed).run(actions);
      expect({ seed, violations: life.violations }).toEqual({ seed, violations: [] });
      for (const [what, n] of life.cases) cases.set(what, (cases.get(what) ?? 0) + n);
    }
    console.log(`several slices: ${seeds} seeds, ${[...cases].map(([what, n]) => `${n} ${what}`).join(', ')}`);
    expect(cases.get('CAP2 over several slices') ?? 0).toBeGreaterThan(400);
  }, 120_000);

  for (const [invariant, fault, plant] of sliceFaults) {
    it(`${invariant} catches: ${fault}`, () => {
      let caught = 0;
      for (let seed = 1; seed <= seeds && caught === 0; seed++)
        if (new SeveralSlices(seed, plant).run(actions).violations.some((text) => text.startsWith(invariant))) caught = seed;
      console.log(`${invariant} seed ${caught}  ${fault}`);
      expect(caught).toBeGreaterThan(0);
    }, 120_000);
  }
});
