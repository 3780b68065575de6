import { describe, expect, it } from 'vitest';
import { casesOf } from '../cases.ts';
import { columnSet } from '../../base/split.ts';
import { step } from '../../core/engine.ts';
import { SeededScript, type ScriptRun } from './seeded-script.ts';
import type { Step } from './rollout-desk.ts';

const seeds = 40;
const actions = 220;

/** How often a version was decreased for another one, and how often the other then got its stage by a later input. */
function counted({ desk }: ScriptRun): readonly [number, number] {
  let [made, granted] = [0, 0];
  const waiting = new Set<string>();
  for (const { decisions } of desk.turns) {
    for (const one of decisions) if (one.kind === 'stageGranted' && waiting.delete(`${one.name} of ${one.deploymentID}`)) granted++;
    for (const one of decisions) {
      if (one.kind !== 'rowChanged' || !one.reason.startsWith('makes room for ')) continue;
      made++;
      waiting.add(one.reason.slice('makes room for '.length));
    }
  }
  return [made, granted];
}

describe('two-phase allocation over seeded lives of a desk with little capital', () => {
  it('every invariant holds in every interleaving, crashes at any record among them', () => {
    let [made, granted, turns, crashes] = [0, 0, 0, 0];
    for (let seed = 1; seed <= casesOf(seeds); seed++) {
      const script = new SeededScript(seed, undefined, true);
      const run = script.run(actions, seed % 2 === 0 ? 25 : 0);
      expect({ seed, violations: run.invariants.violations }).toEqual({ seed, violations: [] });
      const [rooms, grants] = counted(run);
      made += rooms;
      granted += grants;
      turns += run.desk.turns.length;
      crashes += script.crashes;
    }
    console.log(
      `two-phase allocation: ${casesOf(seeds)} seeds, ${turns} turns, ${crashes} crashes, ${made} times a version made room, ${granted} stages were granted for it`,
    );
    expect(made).toBeGreaterThan(casesOf(20));
    expect(granted).toBeGreaterThan(casesOf(10));
    expect(crashes).toBeGreaterThan(casesOf(50));
  }, 240_000);

  it('a core that increases before it has decreased is caught', () => {
    const early: Step = (core, seq, at, input, outcome) => {
      step(core, seq, at, input, outcome);
      for (const { claim, row, phase } of core.rollout.deployments)
        if (claim !== null && phase === 'Progressing') columnSet(core.gate.cap, row, claim.cap);
    };
    const caught: string[] = [];
    for (let seed = 1; seed <= seeds && caught.length === 0; seed++) {
      try {
        caught.push(...new SeededScript(seed, early, true).run(actions).invariants.violations);
      } catch (error) {
        caught.push(String(error));
      }
    }
    expect(caught.some((text) => text.includes('CAP1') || text.includes('not as recorded') || text.includes('CAP'))).toBe(true);
  }, 120_000);
});
