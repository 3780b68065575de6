import { describe, expect, it } from 'vitest';
import { casesOf } from '../cases.ts';
import { columnSet } from '../../base/split.ts';
import { step } from '../../core/engine.ts';
import type { Outcome } from '../../core/outcome.ts';
import { isBaselineVersion } from '../../domain/baseline-version.ts';
import type { StageGranted } from '../../domain/decision.ts';
import type { Step } from './rollout-desk.ts';
import { SeededScript } from './seeded-script.ts';

const seeds = 80;
const lives = casesOf(seeds);
const actions = 120;

function spoiled(spoil: (outcome: Outcome, core: Parameters<Step>[0]) => void): Step {
  return (core, seq, at, input, outcome) => {
    step(core, seq, at, input, outcome);
    spoil(outcome, core);
  };
}

/** Alters, or drops, what was granted to baselines. */
function spoilGrants(alter: (grant: StageGranted) => StageGranted | undefined): Step {
  return spoiled(({ decisions }, core) => {
    const kept = decisions.flatMap((one) => {
      if (one.kind !== 'stageGranted' || core.rollout.deployments[one.deployment].baselineOf < 0) return [one];
      const altered = alter(one);
      return altered === undefined ? [] : [altered];
    });
    decisions.splice(0, decisions.length, ...kept);
  });
}

const faults: readonly (readonly [string, Step])[] = [
  ['a stage is given to the canary and not to its baseline', spoilGrants(() => undefined)],
  ['a baseline gets more than its canary', spoilGrants((grant) => ({ ...grant, cap: { hi: grant.cap.hi + 1, lo: grant.cap.lo } }))],
  ['a baseline gets another stage', spoilGrants((grant) => ({ ...grant, stage: grant.stage + 1 }))],
  [
    'a baseline keeps capital when its canary is over',
    spoiled(({ decisions }, core) => {
      const ended = decisions.some((one) => one.kind === 'phaseChanged' && (one.to === 'RollingBack' || one.to === 'Healthy'));
      if (!ended) return;
      for (const { ix, version } of core.gate.rows) if (isBaselineVersion(version)) columnSet(core.gate.cap, ix, { hi: 0, lo: 1 });
    }),
  ],
];

describe('baselines of equal capital over seeded lives of a desk', () => {
  it('have what their canary has, and nothing without it; capital, authority and positions hold as for every version', () => {
    const cases = new Map<string, number>();
    for (let seed = 1; seed <= lives; seed++) {
      const { invariants } = new SeededScript(seed, undefined, true).run(actions, seed % 2 === 0 ? 20 : 0);
      expect({ seed, violations: invariants.violations }).toEqual({ seed, violations: [] });
      for (const [what, n] of invariants.cases) cases.set(what, (cases.get(what) ?? 0) + n);
    }
    const [granted, over] = ['baseline granted', 'baseline over before its canary'].map((what) => cases.get(what) ?? 0);
    console.log(`baselines: ${lives} seeds, ${granted} granted, ${over} turns in which one was over before its canary`);
    expect(granted).toBeGreaterThanOrEqual(casesOf(10));
    expect(over).toBeGreaterThan(0);
  }, 240_000);

  it.each(faults)(
    'BAS catches: %s',
    (fault, plant) => {
      let caught = 0;
      for (let seed = 1; seed <= seeds && caught === 0; seed++)
        if (new SeededScript(seed, plant, true).run(actions).invariants.violations.some((text) => text.startsWith('BAS '))) caught = seed;
      console.log(`BAS seed ${caught}  ${fault}`);
      expect(caught).toBeGreaterThan(0);
    },
    120_000,
  );
});
