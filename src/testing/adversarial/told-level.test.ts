import { describe, expect, it } from 'vitest';
import { lots, ticks, type Micros } from '../../base/units.ts';
import { cutHold, drawdownHolds } from '../../core/risk/holds.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Proposable } from '../../domain/command.ts';
import type { LimitName, LimitScope } from '../../domain/limit.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { answerOf, denialsOf, openDesk, reportOf, risk, senior2, sentOf, trader, type RolloutDesk } from '../rollout/rollout-desk.ts';

const other: Actor = { personID: 'ron', roles: ['RiskManager'] };
const hour = 3_600_000_000;

function limit(
  desk: RolloutDesk,
  name: LimitName,
  value: number | null,
  scope: LimitScope = 'firm',
  scopeID = '',
  second: Actor | null = null,
): string {
  return answerOf(desk.order({ verb: 'setLimit', key: { scope, scopeID, limit: name }, value }, risk, second)).code;
}

const level = (value: number, knownAt: Micros | null = null): Proposable => ({
  verb: 'tellSignal',
  name: 'VIX',
  value,
  knownAt,
  reason: 'test',
});
const tell = (desk: RolloutDesk, value: number, second: Actor | null = null, knownAt: Micros | null = null): string =>
  answerOf(desk.order(level(value, knownAt), risk, second)).code;

function open(): { readonly desk: RolloutDesk; readonly row: number; readonly asked: () => readonly string[] } {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
  limit(desk, 'volatilityCutBps', 0, 'algorithm', 'algo');
  return { desk, row, asked: () => denialsOf(desk.intent(row, 'buy', 1)) };
}

describe('a level of the volatility index that people tell', () => {
  it('lifts a cut by two people only: whoever is alone can cut and nothing else', () => {
    const { desk, row, asked } = open();
    expect(cutHold(desk.core.risk, row, desk.at)).toMatchObject({ why: 'unknown', share: 0, of: 'algorithm:algo' });
    for (const value of [0, 18, 30]) expect([value, tell(desk, value)]).toEqual([value, 'SECOND_PERSON_REQUIRED']);
    expect(tell(desk, 18, risk)).toBe('SECOND_PERSON_REQUIRED');
    expect(tell(desk, 18, trader)).toBe('ROLE_REQUIRED');
    expect(asked()).toEqual(['SIZE_CUT_EXCEEDED']);
    expect(tell(desk, 18, other)).toBe('OK');
    expect([cutHold(desk.core.risk, row, desk.at), asked()]).toEqual([undefined, []]);
    expect(tell(desk, 30.01)).toBe('OK');
    expect(cutHold(desk.core.risk, row, desk.at)).toMatchObject({ why: 'high', level: 3_001, above: 3_000 });
    expect(asked()).toEqual(['SIZE_CUT_EXCEEDED']);
  });

  it('is kept fresh by two people only: a low level grows old', () => {
    const { desk, row } = open();
    limit(desk, 'volatilityMaxAge', hour);
    expect(tell(desk, 18, other)).toBe('OK');
    desk.advance(hour);
    expect(cutHold(desk.core.risk, row, desk.at)).toBeUndefined();
    expect(tell(desk, 18)).toBe('SECOND_PERSON_REQUIRED');
    desk.advance(1);
    expect(cutHold(desk.core.risk, row, desk.at)).toMatchObject({ why: 'old', age: hour });
  });

  it('cuts everywhere or takes two: a wider level somewhere is the one that counts, unless the firm has its own', () => {
    const { desk } = open();
    expect(limit(desk, 'volatilityCutAbove', 5_000, 'algorithm', 'algo', senior2)).toBe('OK');
    expect(tell(desk, 45)).toBe('SECOND_PERSON_REQUIRED');
    expect(tell(desk, 50.01)).toBe('OK');
    limit(desk, 'volatilityCutAbove', 2_000);
    expect([tell(desk, 20), tell(desk, 20.01)]).toEqual(['SECOND_PERSON_REQUIRED', 'OK']);
  });

  it('that waits for its second person keeps its time, and is overtaken by a later one', () => {
    const { desk, row } = open();
    const proposed = desk.order({ verb: 'propose', command: level(18) }, risk, null);
    const proposal = proposed.decisions.find((one) => one.kind === 'proposalChanged');
    expect(proposal?.text).toContain('signal VIX 18 of ');
    desk.advance(60_000_000);
    expect(tell(desk, 45)).toBe('OK');
    const agree = { verb: 'agree', proposalID: proposal?.proposalID ?? '', digest: proposal?.digest ?? '' } as const;
    expect(answerOf(desk.order(agree, other, null)).code).toBe('SIGNAL_NOT_TAKEN');
    expect(cutHold(desk.core.risk, row, desk.at)).toMatchObject({ why: 'high', level: 4_500 });
  });

  it('is no level, of another time or of another index: refused by name, and the one before it stands', () => {
    const { desk } = open();
    desk.advance(hour);
    expect(tell(desk, 45)).toBe('OK');
    const before = { ...desk.core.risk.volatility };
    for (const value of [-0.01, 10_000.01, 1e300]) expect([value, tell(desk, value, other)]).toEqual([value, 'SIGNAL_NOT_TAKEN']);
    expect(tell(desk, 45, other, (desk.at + 1_000_000_000) as never)).toBe('SIGNAL_NOT_TAKEN');
    expect(tell(desk, 45, other, (before.knownAt - 1) as never)).toBe('SIGNAL_NOT_TAKEN');
    expect(answerOf(desk.order({ ...level(45), name: 'VXI' } as Proposable, risk, other)).code).toBe('SIGNAL_NOT_TAKEN');
    expect(desk.core.risk.volatility).toEqual(before);
  });
});

describe('a drawdown past its limit', () => {
  it('is named for every version under it, exactly while orders are denied', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
    limit(desk, 'maxDailyDrawdownBps', 30, 'algorithm', 'algo');
    const [id] = sentOf(desk.intent(row, 'buy', 500));
    desk.say(reportOf(desk, id, 0, { execType: 'new' }));
    desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(500), lastPx: ticks(10_000), execID: 'f' }));
    expect(drawdownHolds(desk.core.risk, row)).toEqual([]);
    // 3,000 of 1,000,000 is the limit itself
    desk.mark(0, 9_400);
    expect(drawdownHolds(desk.core.risk, row)).toEqual([]);
    desk.mark(0, 9_300);
    expect(drawdownHolds(desk.core.risk, row)).toMatchObject([{ of: 'algorithm:algo', window: 'day', value: 35, limit: 30 }]);
    limit(desk, 'maxDailyDrawdownBps', 50, 'algorithm', 'algo', senior2);
    expect(drawdownHolds(desk.core.risk, row)).toEqual([]);
  });
});
