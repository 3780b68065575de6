import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import type { LimitName, LimitScope } from '../../domain/limit.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import {
  answerOf,
  denialsOf,
  openDesk,
  reportOf,
  risk,
  senior2,
  sentOf,
  sliceID,
  type RolloutDesk,
  type Turn,
} from '../rollout/rollout-desk.ts';

const version = `${sliceID}/1.0.0`;

const limit = (
  desk: RolloutDesk,
  name: LimitName,
  value: number | null,
  scope: LimitScope = 'firm',
  scopeID = '',
  second: typeof risk | null = null,
): Turn => desk.order({ verb: 'setLimit', key: { scope, scopeID, limit: name }, value }, risk, second);

const rules = (turn: Turn): readonly string[] =>
  turn.decisions.flatMap((one) => (one.kind === 'triggerFired' ? [`${one.rule} ${one.row}`] : []));

const bracket = { ordType: 'bracket', timeInForce: 'gtc', stopPx: ticks(9_000), targetPx: ticks(11_000) } as const;

function bought(desk: RolloutDesk, row: number, qty: number, px: number, execID: string): void {
  const [id] = sentOf(desk.intent(row, 'buy', qty));
  desk.say(reportOf(desk, id, 0, { execType: 'new' }));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(px), execID }));
}

describe('a drawdown limit that is changed in the middle of its window', () => {
  it('speaks again at its new number: what was said of the old one does not silence it', () => {
    const desk = openDesk();
    const first = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
    bought(desk, first, 500, 10_000, 'f');
    limit(desk, 'maxMonthlyDrawdownBps', 30, 'algorithm', 'algo');
    // 3,000 of 1,000,000
    expect(rules(desk.mark(0, 9_400))).toEqual([`maxMonthlyDrawdown ${first}`]);
    // one person, who says the same or a smaller number, lifts nothing that the breach holds
    for (const same of [30, 29]) {
      expect(answerOf(limit(desk, 'maxMonthlyDrawdownBps', same, 'algorithm', 'algo')).code).toBe('OK');
      expect(desk.core.risk.drawdowns.windows.map(({ breached }) => breached)).toEqual([true]);
    }
    expect(answerOf(limit(desk, 'maxMonthlyDrawdownBps', 50, 'algorithm', 'algo', senior2)).code).toBe('OK');
    const second = desk.deploy(canary('d1', '1.1.0', { stages: [rung(1_000)] }));
    bought(desk, second, 500, 9_400, 'g');
    expect(rules(desk.mark(0, 9_300))).toEqual([]);
    expect(rules(desk.mark(0, 8_000))).toContain(`maxMonthlyDrawdown ${second}`);
  });
});

describe('one person alone', () => {
  const tell = (desk: RolloutDesk, value: number): void =>
    void desk.say({ kind: 'signal', name: 'VIX', source: 'test', instrument: -1, value, knownAt: desk.at as never });

  it('sets no level and no age of the volatility index that cuts less than where nobody has set one', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
    limit(desk, 'volatilityCutBps', 0, 'algorithm', 'algo');
    tell(desk, 40);
    const asked = (): readonly string[] => denialsOf(desk.intent(row, 'buy', 1));
    expect(asked()).toEqual(['SIZE_CUT_EXCEEDED']);
    expect(answerOf(limit(desk, 'volatilityCutAbove', 3_001)).code).toBe('SECOND_PERSON_REQUIRED');
    expect(answerOf(limit(desk, 'volatilityMaxAge', 86_400_000_001)).code).toBe('SECOND_PERSON_REQUIRED');
    expect(asked()).toEqual(['SIZE_CUT_EXCEEDED']);
    // tighter than the usual is one person's, and so is the usual itself
    expect(answerOf(limit(desk, 'volatilityCutAbove', 2_000, 'version', version)).code).toBe('OK');
    expect(answerOf(limit(desk, 'volatilityMaxAge', 86_400_000_000)).code).toBe('OK');
    expect(answerOf(limit(desk, 'volatilityCutAbove', null, 'version', version)).code).toBe('SECOND_PERSON_REQUIRED');
    expect(answerOf(limit(desk, 'volatilityCutAbove', 5_000, 'firm', '', senior2)).code).toBe('OK');
    expect(answerOf(limit(desk, 'volatilityCutAbove', null)).code).toBe('SECOND_PERSON_REQUIRED');
  });
});

describe('a mandatory stop', () => {
  it('protects nothing while its entry waits: a position beside it is unprotected', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
    limit(desk, 'maxUnprotectedQty', 0, 'version', version);
    const held = sentOf(desk.intent(row, 'buy', 10, bracket));
    for (const id of held) desk.say(reportOf(desk, id, 0, { execType: 'new' }));
    desk.say(reportOf(desk, held[0], 0, { execType: 'trade', lastQty: lots(10), lastPx: ticks(10_000), execID: 'f' }));
    // another bracket waits far below, its stop with it
    const waiting = sentOf(desk.intent(row, 'buy', 10, { ...bracket, price: ticks(9_500) }));
    for (const id of waiting) desk.say(reportOf(desk, id, 0, { execType: 'new' }));
    desk.say(reportOf(desk, held[1], 0, { execType: 'canceled' }));
    expect(desk.core.rollout.unprotected).toHaveLength(1);
    for (let n = 0; n < 5; n++) {
      desk.mark(0);
      desk.advance(250_000);
    }
    expect(desk.core.rollout.lifecycle[row]).toBe('Halted');
  });
});
