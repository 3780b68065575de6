import { expect, test } from 'vitest';
import { splitZero, toNumber } from '../../base/split.ts';
import { lots, ticks } from '../../base/units.ts';
import { stateHash } from '../../core/engine.ts';
import { capInto, modeOf } from '../../core/risk/order-gate.ts';
import { answerOf, openDesk, reportOf, risk, RolloutDesk, sentOf } from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';
import { ReactivationInvariants } from './reactivation-invariants.ts';
import { FakeHost } from './swap-desk.ts';

const rollback = {
  flatten: 'none',
  flattenSlippageBps: 50,
  rollbackWindow: { days: 0, micros: 300_000_000 },
  onStale: 'cancelOnly',
} as const;

/** Ten per cent are free beside the reserve: 1.0.0 has all of it, and a canary of 1.1.0 takes it in two stages. */
class Desk {
  readonly violations: string[] = [];
  readonly #invariants = new ReactivationInvariants((text) => this.violations.push(text));
  readonly desk = openDesk(undefined, (turn, of) => this.#invariants.watch(turn, of), '900000');
  readonly host = new FakeHost(this.desk);
  readonly old: number;
  readonly young: number;

  constructor(reactivatePrevious: 'never' | 'versionFault' = 'versionFault') {
    this.old = this.desk.deploy(canary('old', '1.0.0', { stages: [rung(1_000)] }));
    this.seconds(65);
    const stages = [rung(500), rung(1_000)];
    this.young = this.desk.deploy(canary('next', '1.1.0', { stages, rollback: { ...rollback, reactivatePrevious } }));
  }

  seconds(n: number): void {
    for (let left = n * 2; left > 0; left--) {
      const from = this.desk.turns.length;
      this.desk.advance(500_000);
      for (const { effects } of this.desk.turns.slice(from)) this.host.take(effects);
      this.host.answerAll();
      for (const listing of [0, 1]) this.desk.mark(listing);
    }
  }

  trades(row: number, side: 'buy' | 'sell', qty: number): void {
    const [id] = sentOf(this.desk.intent(row, side, qty, { reduceOnly: side === 'sell' }));
    const lastPx = ticks(side === 'buy' ? 10_001 : 9_999);
    this.desk.say(reportOf(this.desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx, cumQty: lots(qty), leavesQty: lots(0) }));
  }

  is(row: number): readonly unknown[] {
    const cap = splitZero();
    capInto(cap, this.desk.core.gate, row);
    return [this.desk.core.rollout.lifecycle[row], modeOf(this.desk.core.gate, row), toNumber(cap) / 1e6];
  }

  lifecycles(row: number): readonly string[] {
    return this.desk.turns.flatMap(({ decisions }) =>
      decisions.flatMap((one) => (one.kind === 'lifecycleChanged' && one.row === row ? [one.to] : [])),
    );
  }
}

test('an older version whose capital a canary took all of drains and stands by, in sync, and is put away after the rollback window', () => {
  const all = new Desk();
  const { old, young } = all;
  all.seconds(10);
  expect([all.is(old), all.is(young)]).toEqual([
    ['Active', 'ACTIVE', 50_000],
    ['Canary', 'ACTIVE', 50_000],
  ]);
  all.seconds(60);
  expect([all.is(old), all.is(young)]).toEqual([
    ['Standby', 'SIMULATED', 0],
    ['Canary', 'ACTIVE', 100_000],
  ]);
  expect(all.host.steps).toContain('sync');
  expect(all.lifecycles(old).slice(-3)).toEqual(['Active', 'Draining', 'Standby']);
  // the window begins when the canary is complete
  all.seconds(300);
  expect(all.is(old)[0]).toBe('Standby');
  all.seconds(70);
  expect([all.is(old)[0], all.is(young)[0]]).toEqual(['Retired', 'Active']);
  expect(all.desk.core.rollout.openStandbys).toEqual([]);
  expect(all.violations).toEqual([]);
});

test('it keeps its place, and can be given capital again, as long as the canary has not got the stage', () => {
  const all = new Desk();
  const { old } = all;
  all.trades(old, 'buy', 300);
  all.seconds(70);
  expect([all.is(old), all.is(all.young)[2]]).toEqual([['Active', 'REDUCING', 0], 50_000]);
  all.trades(old, 'sell', 300);
  all.seconds(2);
  expect([all.is(old), all.is(all.young)[2]]).toEqual([['Standby', 'SIMULATED', 0], 100_000]);
});

test('the fault of the canary gives it its capital back', () => {
  const all = new Desk();
  const { desk, host, old, young } = all;
  all.seconds(90);
  host.take(desk.host(young, 'exception').effects);
  host.answerAll();
  expect([all.is(old), all.is(young)]).toEqual([
    ['Active', 'ACTIVE', 100_000],
    ['Halted', 'HALTED', 0],
  ]);
  all.seconds(400);
  expect(all.is(old)).toEqual(['Active', 'ACTIVE', 100_000]);
  expect(all.violations).toEqual([]);
  const again = new RolloutDesk();
  for (const { at, input } of desk.turns) {
    again.at = at;
    again.say(input);
  }
  expect(stateHash(again.core)).toBe(stateHash(desk.core));
});

test('a person who undoes the canary has it deployed again, from its first stage', () => {
  const all = new Desk('never');
  const { desk, old } = all;
  all.seconds(90);
  const answer = answerOf(desk.order({ verb: 'undo', deploymentID: 'next', reason: 'test' }, risk, null));
  expect(answer.text).toBe('next is rolled back; 1.0.0 is deployed again as old-2 when that is done');
  for (const event of ['loaded', 'warmed'] as const) desk.host(old, event);
  all.seconds(1);
  expect([all.is(old), desk.phaseOf('old-2')]).toEqual([['Canary', 'ACTIVE', 100_000], 'Progressing']);
});
