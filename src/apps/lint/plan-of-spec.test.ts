import { expect, it } from 'vitest';
import { durationMicros } from '../../base/duration.ts';
import { frozenUntil } from '../../core/rollout/freeze-window.ts';
import { microsFromCivil } from '../../base/time.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { parseSpec } from '../../domain/spec-parser/spec-parser.ts';
import type { PlainObject } from '../../domain/spec-parser/field-reader.ts';
import { countOutcomes, emptyCounts, oddsOf, type Odds } from '../../quant/ladder/operating-characteristic.ts';
import { iidReturns } from '../../quant/ladder/return-model.ts';
import { plainLadder, planOfSpec, planOfVersion, type PlannedLadder } from './plan-of-spec.ts';

function specOf(more: PlainObject = {}): DeploymentSpec {
  const stages = [
    { name: 'Micro', allocation: 0.01, minDuration: 'PT1H' },
    { name: 'Small', allocation: 0.05, minDuration: 'PT2H' },
    { name: 'Half', allocation: 0.5, minDuration: 'PT4H' },
  ];
  const configuration = {
    totalCapital: '1000000',
    expect: { annualVol: 0.1, stressLossPerInterval: 0.03, interval: 'PT1H' },
    rollbackThresholds: { maxDailyLoss: 0.02, maxDrawdown: 0.1 },
    stages,
    ...more,
  };
  const parsed = parseSpec(
    { strategy: 'Canary', algorithmId: 'algo', version: '1.0.0', configuration },
    { accountGroup: 'main', currency: 'USD', universe: ['X.V'], venues: [{ venueID: 'V', accountID: 'A1' }], calendar: 'ALWAYS' },
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.spec;
}

function planned(more?: PlainObject): PlannedLadder {
  const plan = planOfSpec(specOf(more));
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
}

function oddsAt(sharpe: number, { plan }: PlannedLadder): Odds {
  const counts = emptyCounts([sharpe]);
  countOutcomes(plan, iidReturns(), 'windows', 0, 60, counts);
  return oddsOf(plan, counts[0]);
}

it('a freeze window delays what it holds: later, never more often, and said so', () => {
  const open = planned();
  const nights = { freezeWindows: [{ days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], from: '00:00', to: '23:00' }] };
  const held = planned(nights);
  const [before, after] = [oddsAt(4, open), oddsAt(4, held)];
  expect(before.promote).toBeGreaterThan(0.5);
  expect(after.promote).toBeLessThanOrEqual(before.promote);
  expect(after.daysToTop).toBeGreaterThan(before.daysToTop);
  expect(held.assumptions.find((one) => one.startsWith('freeze windows'))).toMatch(
    /^freeze windows hold 6\d\.\d % of the looks \(\d+ of 8760\), the ladder begins on 2024-01-01T23:00Z: what is due inside waits/,
  );
  expect(open.assumptions.some((one) => one.startsWith('freeze windows'))).toBe(false);
  // the plain ladder is held against is nobody's spec
  expect(plainLadder(held.plan).frozen).toBeUndefined();
});

it('holds the looks that the core would hold, and those alone', () => {
  const spec = specOf({
    freezeWindows: [
      { days: ['Tue'], from: '10:00', to: '11:30' },
      { from: '2024-02-07T13:00', to: '2024-02-09T09:30' },
    ],
  });
  const plan = planOfSpec(spec);
  if (typeof plan === 'string') throw new Error(plan);
  const { frozen } = plan.plan;
  // the Monday of the week in which the first date lies
  const begins = microsFromCivil(2024, 2, 5);
  const interval = durationMicros(spec.expect.interval);
  const wanted = Array.from({ length: 8_760 }, (_, t) => (frozenUntil(spec.freeze, begins + (t + 1) * interval) === 0 ? 0 : 1));
  expect([...(frozen ?? [])]).toEqual(wanted);
  // two looks of each Tuesday (10:00, 11:00), and 44.5 hours of the date from its first instant on
  expect(wanted.reduce<number>((sum, one) => sum + one, 0)).toBe(52 * 2 + 45);
});

it('the k-th version meets its own thresholds, and stages without any stay without', () => {
  const { plan } = planned();
  const asked = planOfVersion(plan, 2).stages.map(({ minE }) => minE);
  expect(asked.slice(0, 2)).toEqual([0, 0]);
  expect(asked[2]).toBeCloseTo((plan.stages[2].minE * 4 * Math.PI * Math.PI) / 6, 12);
});
