import { describe, expect, it } from 'vitest';
import { progressiveFaults } from './progressive-faults.ts';
import { ProgressiveScript } from './progressive-script.ts';

describe('a progressive allocation over seeded lives', () => {
  it('CAP1 CAP3 CAP4 CAP5 PRO1 PRO2 PRO3 PRO6 MET3 hold after every turn: capital comes by a grant or two people, never by a falling score', () => {
    const cases = new Map<string, number>();
    for (let seed = 1; seed <= 60; seed++) {
      const script = new ProgressiveScript(seed).run(120);
      expect({ seed, violations: [...script.invariants.violations, ...script.violations] }).toEqual({ seed, violations: [] });
      for (const [what, n] of script.cases) cases.set(what, (cases.get(what) ?? 0) + n);
    }
    console.log(`progressive invariants: 60 seeds, ${[...cases].map(([what, n]) => `${n} ${what}`).join(', ')}`);
    for (const what of ['raise', 'fall', 'no score any more', 'swap'])
      expect({ what, n: (cases.get(what) ?? 0) >= 5 }).toEqual({ what, n: true });
  }, 120_000);

  it.each(progressiveFaults)(
    '%s catches: %s',
    (invariant, fault, plant) => {
      let caught = 0;
      for (let seed = 1; seed <= 40 && caught === 0; seed++) {
        const { invariants, violations } = new ProgressiveScript(seed, plant).run(120);
        if ([...invariants.violations, ...violations].some((text) => text.startsWith(`${invariant} `))) caught = seed;
      }
      console.log(`${invariant} seed ${caught}  ${fault}`);
      expect(caught).toBeGreaterThan(0);
    },
    120_000,
  );
});
