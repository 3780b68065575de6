import { addInto, columnSet } from '../../base/split.ts';
import { lots } from '../../base/units.ts';
import { step } from '../../core/engine.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { UnitNav } from '../../core/risk/unit-nav.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Effect } from '../../domain/effect.ts';
import { checkedForTest } from '../venue/plain-order.ts';
import type { Step } from './rollout-desk.ts';

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

/** Spoils the index of each version whose capital the turn has changed. */
function reindexed(spoil: (nav: UnitNav) => void): Step {
  return spoiled(({ decisions }, core) => {
    for (const one of decisions) {
      const nav = one.kind === 'rowChanged' && one.stage > 0 ? core.risk.monitors.rows[one.row]?.nav : undefined;
      if (nav !== undefined) spoil(nav);
    }
  });
}

/** Sends the last order again whenever `when` says so. */
function resends(when: (outcome: Outcome, core: Parameters<Step>[0]) => boolean): Step {
  let last: Decision | undefined;
  return spoiled((outcome, core) => {
    if (last !== undefined && when(outcome, core)) outcome.decisions.push(last);
    last = outcome.decisions.find((one) => one.kind === 'orderSent') ?? last;
  });
}

/** Invariant, name and plant of each fault that the random lives must find. */
export const plantedFaults: readonly (readonly [string, string, () => Step])[] = [
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
    'CAP1',
    'a stage is given of the reserve',
    () =>
      spoiled((outcome, core) => {
        for (const one of outcome.decisions) {
          if (one.kind !== 'stageGranted' || one.stage < 0) continue;
          const { row } = core.rollout.deployments[one.deployment];
          const { total } = core.gate.slices[core.gate.rows[row].slice];
          columnSet(core.gate.cap, row, total);
          change(outcome, (changed) =>
            changed.kind === 'rowChanged' && changed.row === row ? { ...changed, cap: { ...total } } : changed,
          );
        }
      }),
  ],
  [
    'CAP1',
    'the lots of a fill cost a unit more',
    () =>
      spoiled(({ decisions }, core) => {
        for (const one of decisions) if (one.kind === 'fillBooked') core.gate.entryCost.lo[one.row] += 1;
      }),
  ],
  [
    'PRO3',
    'a fill is counted that never was',
    () =>
      spoiled((outcome) =>
        change(outcome, (one) => (one.kind === 'gateJudged' && one.gate === 'minTrades' ? { ...one, value: one.value + 1 } : one)),
      ),
  ],
  [
    'PRO3',
    'a result is a cent better than the fills make it',
    () =>
      spoiled((outcome) =>
        change(outcome, (one) => (one.kind === 'gateJudged' && one.gate === 'minPnL' ? { ...one, value: one.value + 0.01 } : one)),
      ),
  ],
  [
    'CAP3',
    'a share is rounded up',
    () =>
      spoiled((outcome) =>
        change(outcome, (one) => (one.kind === 'stageGranted' ? { ...one, cap: { ...one.cap, lo: one.cap.lo + 1 } } : one)),
      ),
  ],
  [
    'PRO4',
    'a failed gate is asked again without a retry',
    () => {
      let paused: Decision | undefined;
      return spoiled(({ decisions }) => {
        if (paused?.kind === 'phaseChanged') decisions.push({ ...paused, from: 'Paused', to: 'Progressing', reason: 'planted' });
        paused = decisions.find((one) => one.kind === 'phaseChanged' && one.to === 'Paused' && one.reason.includes(' failed: '));
      });
    },
  ],
  [
    'PRO7',
    'a rung is given at a breach',
    () => {
      let granted: Decision | undefined;
      return spoiled(({ decisions }, core) => {
        granted = decisions.find((one) => one.kind === 'stageGranted' && one.stage >= 0) ?? granted;
        if (granted?.kind !== 'stageGranted') return;
        const { row } = core.rollout.deployments[granted.deployment];
        if (decisions.some((one) => one.kind === 'triggerFired' && one.row === row))
          decisions.push({ ...granted, stage: granted.stage + 1 });
      });
    },
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
  ['MET1', 'a grant moves the index', () => reindexed((nav) => (nav.base *= 1.01))],
  ['MET2', 'a grant makes a drawdown', () => reindexed(({ peaks: [peak] }) => addInto(peak, peak, peak))],
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
  [
    'AUTH1',
    'a row that may only reduce opens',
    () =>
      spoiled((outcome) =>
        change(outcome, (one) => (one.kind === 'rowChanged' && one.mode === 'ACTIVE' ? { ...one, mode: 'REDUCING' } : one)),
      ),
  ],
  [
    'AUTH5',
    'an order leaves under the term of the desk before',
    () =>
      spoiled((outcome) =>
        change(outcome, (one) => (one.kind === 'orderSent' ? { ...one, order: { ...one.order, term: one.order.term - 1 } } : one)),
      ),
  ],
  [
    'AUTH6',
    'a halted version works again without people',
    () =>
      spoiled((outcome) => {
        const halted = outcome.decisions.find((one) => one.kind === 'rowChanged' && one.mode === 'HALTED');
        if (halted?.kind === 'rowChanged') outcome.decisions.push({ ...halted, mode: 'ACTIVE' });
      }),
  ],
  [
    'START',
    'a start gives back what it took at once',
    () =>
      spoiled((outcome, core) => {
        if (!core.starting) return;
        const restricted = outcome.decisions.find((one) => one.kind === 'rowChanged' && one.mode === 'CANCEL_ONLY');
        if (restricted?.kind === 'rowChanged') outcome.decisions.push({ ...restricted, mode: 'ACTIVE' });
      }),
  ],
  [
    'KILL',
    'an order leaves although its venue, account or strategy is killed',
    () => resends((_outcome, core) => !core.rollout.killed && core.rollout.kills.length > 0),
  ],
  [
    'ROL3',
    'the custodian sends an order that may open',
    () =>
      spoiled((outcome, core) =>
        change(outcome, (one) =>
          one.kind === 'orderSent' && core.gate.rows[one.order.row].custodian
            ? { ...one, order: { ...one.order, reduceOnly: false } }
            : one,
        ),
      ),
  ],
  [
    'ROL3',
    'the custodian sells three times what it has to',
    () =>
      spoiled(({ effects }, core) => {
        effects.forEach((one, i) => {
          if (one.kind !== 'send' || !core.gate.rows[one.order.row].custodian) return;
          const threefold = lots(one.order.orderQty * 3);
          effects[i] = { ...one, order: checkedForTest({ ...one.order, orderQty: threefold, leavesQty: threefold }) };
        });
      }),
  ],
  [
    'ROL4',
    'what a loss set free goes to another version',
    () =>
      spoiled((outcome) => {
        const place = outcome.decisions.findIndex((one) => one.kind === 'rollbackStepDone' && one.step === 'RB5');
        const fenced = outcome.decisions.find((one) => one.kind === 'rowChanged' && one.mode === 'HALTED');
        const fault = outcome.decisions.some((one) => one.kind === 'triggerFired' && one.class === 'versionFault');
        if (place < 0 || fenced?.kind !== 'rowChanged' || fault) return;
        outcome.decisions.splice(place, 0, { ...fenced, row: fenced.row + 1, mode: 'ACTIVE', cap: { hi: 0, lo: 1 }, stage: 0 });
      }),
  ],
  [
    'ROL5',
    'a rollback forgets to take orders back and goes on',
    () => spoiled((outcome) => change(outcome, (one) => (one.kind === 'rollbackStepDone' && one.step === 'RB2' ? null : one))),
  ],
  [
    'ROL5',
    'the saga ends where custody failed',
    () =>
      spoiled((outcome) =>
        change(outcome, (one) => (one.kind === 'rollbackStepDone' && (one.step === 'RB4' || one.step === 'RB5') ? null : one)),
      ),
  ],
  [
    'ROL2',
    'a step is done again after a start',
    () =>
      spoiled((outcome, core) => {
        const again = core.rollout.rollbacks.at(-1);
        if (!core.starting || again === undefined || !has(outcome, 'alertRaised')) return;
        const { row, ix: rollback } = again;
        outcome.decisions.push({ kind: 'rollbackStepDone', row, rollback, step: 'RB1', virtualMicros: 0, count: 1, text: 'planted' });
      }),
  ],
  [
    'ROL6',
    'a fence waits for its record',
    () =>
      spoiled(({ effects }) => {
        effects.forEach((one, i) => {
          if (one.kind === 'fence') effects[i] = { ...one, reducing: false as unknown as true };
        });
      }),
  ],
  [
    'STALE',
    'a silent feed restricts nobody',
    () =>
      spoiled((outcome) =>
        change(outcome, (one) => (one.kind === 'rowChanged' && one.reason.includes('is silent') ? { ...one, mode: 'ACTIVE' } : one)),
      ),
  ],
];
