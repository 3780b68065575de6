import { microsUnchecked } from '../../base/units.ts';
import type { Command } from '../../domain/command.ts';
import type { Session } from '../../domain/input.ts';
import type { DeploymentSpec, PromotionCriteria, RollbackThresholds, Stage } from '../../domain/spec.ts';
import { admin, admin2, senior2, sliceID } from '../rollout/rollout-desk.ts';
import { canary, paper, rung } from '../rollout/rollout-specs.ts';
import type { BoundaryDesk } from './boundary-desk.ts';
import { ownErrorEvidence } from './error-facts.ts';

const reason = 'edge';
const minute = 60_000_000;
/** An approval holds this long (security.md), microseconds. */
const holds = 900_000_000;
const promote: Command = { verb: 'promote', deploymentID: 'climb', reason };
const open = canary('none', '1.0.0').rollbackThresholds;

/** A ladder of two rungs, of which the first asks for what is given here; people promote. */
function climb(b: BoundaryDesk, first: Partial<Stage>, more: Partial<DeploymentSpec> = {}): number {
  return b.deploy(canary('climb', '1.0.0', { stages: [rung(500, first), rung(1_000)], autoProgress: false, ...more }));
}

/** A stage has lasted its minimum in the microsecond in which it has, not before. */
export function wallClock(b: BoundaryDesk): void {
  const from = b.desk.at;
  climb(b, {});
  b.passTo(from + minute - 1);
  b.ask(promote, 'GATES_NOT_PASSED');
  b.passTo(from + minute);
  b.ask(promote, 'OK');
}

const session = (phase: Session['phase'], sessionDay: number): Session => ({
  kind: 'session',
  calendar: 'XNYS',
  phase,
  sessionDay,
  until: microsUnchecked(0),
});

/** On a market clock P2D are two completed sessions. */
export function sessions(b: BoundaryDesk): void {
  climb(b, { minDuration: { days: 2, micros: 0 } }, { clock: { kind: 'market', calendar: 'XNYS' } });
  for (const [n, due] of [
    [1, 'GATES_NOT_PASSED'],
    [2, 'OK'],
  ] as const) {
    b.desk.say(session('open', n));
    b.passTo(b.desk.at + 10_000_000, true);
    b.desk.say(session('closed', n));
    b.fresh();
    b.ask(promote, due);
  }
}

/** On a market clock PT1M is a minute of the open session. */
export function marketClock(b: BoundaryDesk): void {
  climb(b, {}, { clock: { kind: 'market', calendar: 'XNYS' } });
  b.passTo(b.desk.at + minute, true);
  b.ask(promote, 'GATES_NOT_PASSED');
  b.desk.say(session('open', 1));
  const from = b.desk.at;
  b.passTo(from + minute - 1, true);
  b.ask(promote, 'GATES_NOT_PASSED');
  b.passTo(from + minute, true);
  b.ask(promote, 'OK');
}

/** As many fills as the stage asks for. */
export function fills(b: BoundaryDesk): void {
  const row = climb(b, { minTrades: 2 });
  b.fill(row, 'buy', 1);
  b.passTo(b.desk.at + 2 * minute);
  b.ask(promote, 'GATES_NOT_PASSED');
  b.fill(row, 'buy', 1);
  b.ask(promote, 'OK');
}

/** A result that is what the stage asks for, and one a unit of money (0.000001 USD) below it. */
export function result(b: BoundaryDesk, fee: number, due: 'OK' | 'GATES_NOT_PASSED'): void {
  const row = climb(b, { minPnL: '-1' });
  b.fill(row, 'buy', 1, 10_000, fee);
  b.passTo(b.desk.at + 2 * minute);
  b.ask(promote, due);
}

/** Two people's yes, up to and without the instant in which it expires, and no fewer than two. */
export function approvals(b: BoundaryDesk): void {
  const entryApproval = { roles: ['RiskManager' as const], count: 2 };
  const stages = [rung(100), rung(200, { entryApproval }), rung(300, { entryApproval })];
  b.deploy(canary('climb', '1.0.0', { stages, autoProgress: false }));
  const approve = (stage: number): Command => ({ verb: 'approve', deploymentID: 'climb', stage, specHash: 'climb'.padEnd(64, '0') });
  for (const [stage, early, due] of [
    [1, 1, 'OK'],
    [2, 0, 'GATES_NOT_PASSED'],
  ] as const) {
    b.passTo(b.desk.at + 2 * minute);
    b.by(admin2, null, approve(stage), 'OK');
    b.ask(promote, 'GATES_NOT_PASSED');
    b.by(senior2, null, approve(stage), 'OK');
    b.passTo(b.desk.at + holds - early);
    b.ask(promote, due);
  }
}

/** A limit of drawdown that a version without any is far from. */
export function noDrawdown(b: BoundaryDesk): void {
  climb(b, {}, { rollbackThresholds: { ...open, maxDrawdown: 0.5 } });
  b.passTo(b.desk.at + 2 * minute);
  b.ask(promote, 'OK');
}

/** A run on paper that is held to its own criteria. */
function onPaper(b: BoundaryDesk, criteria: Partial<PromotionCriteria>, rollbackThresholds: RollbackThresholds = open): number {
  const spec = paper('paper', '1.0.0', null);
  const promotionCriteria = spec.promotionCriteria === null ? null : { ...spec.promotionCriteria, ...criteria };
  return b.deploy({ ...spec, promotionCriteria, rollbackThresholds });
}

/** 3 % of the capital on paper are lost: past a limit of 2 %, within one of 4 %. */
export function paperDrawdown(b: BoundaryDesk, maxDrawdown: number, due: 'pass' | 'fail'): void {
  const row = onPaper(b, { maxDrawdown });
  b.fill(row, 'buy', 3_000, 10_000, 0, true);
  b.passTo(b.desk.at + minute, true, 9_000);
  b.now();
  b.verdict('maxDrawdown', due);
}

/** One of two round trips is won: half of them, which is not 0.51 of them. */
export function paperWins(b: BoundaryDesk, minWinRate: number, due: 'pass' | 'fail'): void {
  const row = onPaper(b, { minWinRate });
  for (const px of [10_001, 9_999]) {
    b.fill(row, 'buy', 1, 10_000, 0, true);
    b.fill(row, 'sell', 1, px, 0, true);
  }
  b.passTo(b.desk.at + minute, true);
  b.now();
  b.verdict('minWinRate', due);
}

/** A score that follows capital: people may let it pass, out of the shadow and one rung up, and the minimum of the rung is asked for all the same. */
export function progressive(b: BoundaryDesk): void {
  const row = climb(
    b,
    {},
    {
      strategy: 'Progressive',
      expect: { annualVol: null, stressLossPerInterval: 0.03, interval: { days: 0, micros: minute } },
      progressive: {
        updateFrequency: { days: 0, micros: 10 * minute },
        curve: 'Step',
        score: 'evidence',
        hysteresis: 0.1,
        minSample: 3,
        patience: { days: 1, micros: 0 },
        thresholds: [0.5, 0.7],
      },
    },
  );
  const up: Command = { verb: 'promote', deploymentID: 'climb', reason, waives: ['confidence'] };
  b.fresh();
  b.ask(up, 'OK');
  b.loaded(row);
  const from = b.of('stageGranted').at(-1)?.at ?? 0;
  b.passTo(from + minute - 1, true);
  b.ask(up, 'GATES_NOT_PASSED');
  b.passTo(from + minute);
  b.ask(up, 'OK');
}

/** A run on paper that is over holds no rung: its version is deployed anew, and its slice gets more, in its window too. */
export function afterPaper(b: BoundaryDesk): void {
  const from = b.desk.at;
  const window = { from: microsUnchecked(from + 5 * minute), to: microsUnchecked(from + 20 * minute) };
  b.deploy({ ...paper('paper', '1.0.0', null), freeze: { zone: 'UTC', weekly: [], dated: [window] } });
  b.passTo(from + 6 * minute, true);
  const terms = { accountGroup: 'main', currency: 'USD', totalCapital: '1000001', reserve: '100000' };
  b.by(admin, { ...admin2, roles: ['Admin'] }, { verb: 'setSlice', sliceID, algorithmID: 'algo', ...terms }, 'OK');
  b.deploy(canary('again', '1.0.0', { stages: [rung(1_000)], totalCapital: '1000001' }));
}

/** Three of twenty orders are rejected by a venue, against a rate that makes an e-value of 99.5 of it: less than 100 is no evidence yet. */
export function errors(b: BoundaryDesk): void {
  let [low, high] = [0.001, 0.05];
  for (let n = 0; n < 60; n++) {
    const rate = (low + high) / 2;
    // a rate that is allowed more explains more
    if (ownErrorEvidence(3, 20, rate) > 99.5) low = rate;
    else high = rate;
  }
  const row = climb(b, {}, { rollbackThresholds: { ...open, maxErrorRate: low } });
  for (let n = 0; n < 20; n++) {
    const id = b.order(row, 'buy', 1, { price: 9_000 as never });
    b.report(id, { execType: n % 7 === 5 ? 'rejected' : 'new' });
  }
  b.passTo(b.desk.at + 2 * minute);
  b.ask(promote, 'OK');
  b.verdict('maxErrorRate', 'pass');
}
