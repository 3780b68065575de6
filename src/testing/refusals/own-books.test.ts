import { describe, expect, it } from 'vitest';
import { columnAdd } from '../../base/split.ts';
import type { Core } from '../../core/core.ts';
import { step } from '../../core/engine.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Input } from '../../domain/input.ts';
import type { Phase } from '../../domain/rollout.ts';
import type { Step } from '../rollout/rollout-desk.ts';
import { CommandLife } from './command-life.ts';

const lives = 24;
const actions = 90;

const spoiled =
  (spoil: (core: Core, input: Input, outcome: Outcome, seq: number) => void): Step =>
  (core, seq, at, input, outcome) => {
    step(core, seq, at, input, outcome);
    spoil(core, input, outcome, seq);
  };

/** Moves the deployment of a record on to another phase, in the core and in the record. */
function turned(core: Core, { decisions }: Outcome, from: Phase, to: Phase, into: Phase, record: boolean): void {
  decisions.forEach((one, n) => {
    if (one.kind !== 'phaseChanged' || one.from !== from || one.to !== to) return;
    core.rollout.deployments[one.deployment].phase = into;
    if (record) decisions[n] = { ...one, to: into };
  });
}

/** What must be said, the name of the fault, and the fault. */
const faults: readonly (readonly [RegExp, string, Step])[] = [
  [
    /the orders of row \d+ reserve \d+, by their records \d+$/,
    'an order reserves a unit more than it is worth',
    spoiled(({ gate }, _input, { decisions }) => {
      for (const one of decisions) if (one.kind === 'orderSent' && !one.order.simulated) columnAdd(gate.reserved, one.order.row, 0, 1);
    }),
  ],
  [
    /the orders of row \d+ reserve \d+ on paper, by their records \d+$/,
    'an order on paper reserves a unit more than it is worth',
    spoiled(({ gate }, _input, { decisions }) => {
      for (const one of decisions) if (one.kind === 'orderSent' && one.order.simulated) columnAdd(gate.paperReserved, one.order.row, 0, 1);
    }),
  ],
  [
    /goes from Progressing to Paused|is Progressing, by what was done to it Paused/,
    'who is paused goes on, and the record says otherwise',
    spoiled((core, { kind }, outcome) => {
      if (kind === 'command') turned(core, outcome, 'Progressing', 'Paused', 'Progressing', false);
    }),
  ],
  [
    /goes from Paused to Progressing and nothing was done that moves it/,
    'who is paused goes on with the next mark',
    spoiled(({ rollout }, { kind }, { decisions }) => {
      const one = kind === 'mark' ? rollout.deployments.find(({ phase }) => phase === 'Paused') : undefined;
      if (one === undefined) return;
      one.phase = 'Progressing';
      const { deploymentID } = one.spec;
      decisions.push({ kind: 'phaseChanged', deployment: one.ix, deploymentID, from: 'Paused', to: 'Progressing', reason: 'by itself' });
    }),
  ],
  [
    /was fenced and is \w+$/,
    'who is rolled back goes on, and no record says anything',
    spoiled(({ rollout }, _input, { decisions }) => {
      decisions.forEach((one, n) => {
        if (one.kind !== 'phaseChanged' || one.to !== 'RollingBack') return;
        rollout.deployments[one.deployment].phase = one.from;
        decisions.splice(n, 1);
      });
    }),
  ],
  [
    /is Degraded after a rollback with 0 uncertain orders, Aborted is due/,
    'a rollback that left nothing over waits for people',
    spoiled((core, _input, outcome) => turned(core, outcome, 'RollingBack', 'Aborted', 'Degraded', true)),
  ],
  [
    /goes from Progressing to Healthy and nothing was done that moves it/,
    'a ladder is complete before its last stage has lasted',
    spoiled(({ rollout }, _input, { decisions }) => {
      const granted = decisions.find((one) => one.kind === 'stageGranted' && one.stage >= 0);
      const one = granted?.kind === 'stageGranted' ? rollout.deployments[granted.deployment] : undefined;
      if (one?.phase !== 'Progressing' || one.spec.strategy !== 'Canary') return;
      one.phase = 'Healthy';
      const { deploymentID } = one.spec;
      decisions.push({ kind: 'phaseChanged', deployment: one.ix, deploymentID, from: 'Progressing', to: 'Healthy', reason: 'at once' });
    }),
  ],
];

describe('reservations and phases of a life of commands', () => {
  for (const [said, fault, plant] of faults) {
    it(`are told wrong where ${fault}`, () => {
      const found: string[] = [];
      for (let seed = 1; seed <= lives && found.length === 0; seed++) {
        const text = new CommandLife(seed, plant).run(actions);
        if (said.test(text)) found.push(`seed ${seed}: ${text}`);
      }
      console.log(found.join('') || `not found: ${fault}`);
      expect(found).toHaveLength(1);
    });
  }
});
