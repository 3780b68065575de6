import { describe, expect, it } from 'vitest';
import { columnGet, columnSet, fromSafe, addInto, splitZero } from '../../base/split.ts';
import { step } from '../../core/engine.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { GateJudged } from '../../domain/decision.ts';
import { ProgressiveScript } from './progressive-script.ts';
import type { Step } from './rollout-desk.ts';

const spoiled =
  (spoil: (outcome: Outcome, core: Parameters<Step>[0]) => void): Step =>
  (core, seq, at, input, outcome) => {
    step(core, seq, at, input, outcome);
    spoil(outcome, core);
  };

/** Changes what is recorded of a confidence. */
const scored = (alter: (judged: GateJudged) => number): Step =>
  spoiled(({ decisions }) => {
    decisions.forEach((one, i) => {
      if (one.kind === 'gateJudged' && one.gate === 'confidence') decisions[i] = { ...one, value: alter(one) };
    });
  });

const faults: readonly (readonly [string, string, Step])[] = [
  ['PRO6', 'a rung is given on half of the score that it asks for', scored(({ value }) => value / 2)],
  [
    'PRO6',
    'a row grows with its results',
    spoiled(({ decisions }, { gate, rollout }) => {
      if (!decisions.some((one) => one.kind === 'evidenceTaken') || rollout.deployments.length === 0) return;
      const [cap, unit] = [splitZero(), splitZero()];
      fromSafe(unit, 1);
      columnGet(cap, gate.cap, rollout.deployments[0].row);
      addInto(cap, cap, unit);
      columnSet(gate.cap, rollout.deployments[0].row, cap);
    }),
  ],
  ['MET3', 'a confidence past 1', scored(({ value }) => value + 1)],
];

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

  it.each(faults)(
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
