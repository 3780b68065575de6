import { columnGet, columnSet, fromSafe, addInto, splitZero } from '../../base/split.ts';
import { step } from '../../core/engine.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { GateJudged } from '../../domain/decision.ts';
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

/** Invariant, name and plant of each fault that the lives of a progressive allocation must find. */
export const progressiveFaults: readonly (readonly [string, string, Step])[] = [
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
