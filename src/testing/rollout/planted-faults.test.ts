import { describe, expect, it } from 'vitest';
import { columnSet } from '../../base/split.ts';
import { step } from '../../core/engine.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Step } from './rollout-desk.ts';
import { SeededScript } from './seeded-script.ts';

/** Runs the core and then spoils what came of the turn. */
const spoiled =
  (spoil: (outcome: Outcome, core: Parameters<Step>[0]) => void): Step =>
  (core, seq, at, input, outcome) => {
    step(core, seq, at, input, outcome);
    spoil(outcome, core);
  };

function dropEffects({ effects }: Outcome, drop: (effect: Effect) => boolean): void {
  for (let i = effects.length - 1; i >= 0; i--) if (drop(effects[i])) effects.splice(i, 1);
}

function change(outcome: Outcome, alter: (decision: Decision) => Decision | null): void {
  const changed = outcome.decisions.map(alter).filter((one) => one !== null);
  outcome.decisions.splice(0, outcome.decisions.length, ...changed);
}

const has = (outcome: Outcome, kind: Decision['kind']): boolean => outcome.decisions.some((one) => one.kind === kind);

/** Sends the last order again whenever `when` says so. */
function resends(when: (outcome: Outcome) => boolean): Step {
  let last: Decision | undefined;
  return spoiled((outcome) => {
    if (last !== undefined && when(outcome)) outcome.decisions.push(last);
    last = outcome.decisions.find((one) => one.kind === 'orderSent') ?? last;
  });
}

const faults: readonly (readonly [string, string, () => Step])[] = [
  ['AUTH2', 'an order leaves after the fence', () => resends((outcome) => has(outcome, 'rollbackCompleted'))],
  [
    'AUTH2',
    'an order leaves under an old epoch',
    () =>
      spoiled((outcome) =>
        change(outcome, (one) => (one.kind === 'orderSent' ? { ...one, order: { ...one.order, epoch: one.order.epoch - 1 } } : one)),
      ),
  ],
  ['KILL', 'an order leaves after the kill', () => resends((outcome) => has(outcome, 'killLatched'))],
  [
    'KILL',
    'one cancel of the kill is dropped',
    () =>
      spoiled((outcome) => {
        if (has(outcome, 'killLatched')) dropEffects(outcome, (one) => one.kind === 'cancel');
      }),
  ],
  [
    'RB2',
    'the cancels of a rollback are dropped',
    () =>
      spoiled((outcome) => {
        if (has(outcome, 'triggerFired')) dropEffects(outcome, (one) => one.kind === 'cancel');
      }),
  ],
  ['ROL1', 'a rollback never ends', () => spoiled((outcome) => change(outcome, (one) => (one.kind === 'rollbackCompleted' ? null : one)))],
  [
    'ROL2',
    'a rollback ends twice',
    () => spoiled(({ decisions }) => decisions.push(...decisions.filter((one) => one.kind === 'rollbackCompleted'))),
  ],
  [
    'ROL6',
    'capital is given before its record is durable',
    () =>
      spoiled(({ effects }) => {
        effects.forEach((one, i) => {
          if (one.kind === 'authority' && one.trading) effects[i] = { ...one, reducing: true };
        });
      }),
  ],
  [
    'POS1',
    'a fill is forgotten',
    () => spoiled((outcome) => change(outcome, (one) => (one.kind === 'fillBooked' && one.lastQty % 7 === 0 ? null : one))),
  ],
  [
    'POS2',
    'a fill is booked twice',
    () => spoiled(({ decisions }) => decisions.push(...decisions.filter((one) => one.kind === 'fillBooked'))),
  ],
  [
    'CAP5',
    'a cap changes without a record',
    () =>
      spoiled((outcome, core) => {
        if (has(outcome, 'stageGranted')) columnSet(core.gate.cap, 1, { hi: 0, lo: 1 });
      }),
  ],
  [
    'CAP4',
    'a row past its cap is called ACTIVE',
    () =>
      spoiled((outcome) =>
        change(outcome, (one) => (one.kind === 'rowChanged' && one.mode === 'REDUCING' ? { ...one, mode: 'ACTIVE' } : one)),
      ),
  ],
  [
    'CAP1',
    'caps pass the capital',
    () =>
      spoiled((outcome) =>
        change(outcome, (one) => (one.kind === 'rowChanged' && one.stage >= 0 ? { ...one, cap: { hi: 1_000_000, lo: 0 } } : one)),
      ),
  ],
  [
    'AUTH5',
    'the fence forgets to raise the epoch',
    () =>
      spoiled((outcome) =>
        change(outcome, (one) => (one.kind === 'rowChanged' && one.mode === 'HALTED' ? { ...one, epoch: one.epoch - 1 } : one)),
      ),
  ],
  [
    'AUTH7',
    'paper goes to the venue',
    () =>
      spoiled((outcome) =>
        change(outcome, (one) => (one.kind === 'orderSent' ? { ...one, order: { ...one.order, simulated: !one.order.simulated } } : one)),
      ),
  ],
  [
    'PRO2',
    'a rung is skipped',
    () => spoiled((outcome) => change(outcome, (one) => (one.kind === 'stageGranted' ? { ...one, stage: one.stage + 1 } : one))),
  ],
  [
    'PRO3',
    'a missing number passes',
    () => spoiled((outcome) => change(outcome, (one) => (one.kind === 'gateJudged' ? { ...one, value: NaN } : one))),
  ],
  ['PRO1', 'a promotion has no judgment', () => spoiled((outcome) => change(outcome, (one) => (one.kind === 'gateJudged' ? null : one)))],
  [
    'LIV2',
    'a pause has no reason',
    () => spoiled((outcome) => change(outcome, (one) => (one.kind === 'phaseChanged' ? { ...one, reason: '' } : one))),
  ],
  [
    'LIV1',
    'a deployment is never judged',
    () =>
      spoiled((_outcome, core) => {
        for (const one of core.rollout.deployments) Object.assign(one, { judgeAt: 0 });
      }),
  ],
];

describe('planted faults of the rollout', () => {
  for (const [invariant, fault, plant] of faults) {
    it(`${invariant} catches: ${fault}`, () => {
      let caught = false;
      for (let seed = 1; seed <= 25 && !caught; seed++) {
        const { invariants } = new SeededScript(seed, plant()).run(120);
        caught = invariants.violations.some((text) => text.startsWith(invariant));
      }
      expect(caught).toBe(true);
    });
  }

  it('the list of planted faults is as long as it says', () => {
    console.log(`planted faults of the rollout: ${faults.length}`);
    expect(faults.length).toBe(20);
  });
});
