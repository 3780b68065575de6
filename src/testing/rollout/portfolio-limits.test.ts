import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { stateHash } from '../../core/engine.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import type { LimitName, LimitScope } from '../../domain/limit.ts';
import { canary, paper, rung } from './rollout-specs.ts';
import { answerOf, denialsOf, openDesk, reportOf, risk, senior2, sentOf, sliceID, type RolloutDesk, type Turn } from './rollout-desk.ts';

const day = 86_400_000_000;

const limit = (
  desk: RolloutDesk,
  name: LimitName,
  value: number | null,
  scope: LimitScope = 'firm',
  scopeID = '',
  second: typeof risk | null = null,
): Turn => desk.order({ verb: 'setLimit', key: { scope, scopeID, limit: name }, value }, risk, second);

/** A desk whose version holds `qty` of X at 100.00, with 100,000 of the slice's 1,000,000. */
function holding(qty: number, version = '1.0.0', desk = openDesk()): { readonly desk: RolloutDesk; readonly row: number } {
  const row = desk.deploy(canary(`d-${version}`, version, { stages: [rung(1_000)] }));
  const [id] = sentOf(desk.intent(row, 'buy', qty));
  desk.say(reportOf(desk, id, 0, { execType: 'new' }));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(10_000), execID: `f${version}` }));
  return { desk, row };
}

const rules = (turn: Turn): readonly string[] =>
  turn.decisions.flatMap((one) => (one.kind === 'triggerFired' ? [`${one.rule} ${one.row}`] : []));
const alerts = (turn: Turn): readonly string[] =>
  turn.decisions.flatMap((one) => (one.kind === 'alertRaised' ? [`${one.subject} ${one.value} of ${one.limit}`] : []));

describe('the drawdown of a window', () => {
  it('is said at 80 % of its limit and halts what is under it at 100 %, with the saga of a rollback', () => {
    const { desk, row } = holding(500);
    limit(desk, 'maxWeeklyDrawdownBps', 50, 'version', `${sliceID}/1.0.0`);
    expect(alerts(desk.mark(0, 9_201))).toEqual([]);
    expect(alerts(desk.mark(0, 9_200))).toEqual(['maxWeeklyDrawdown 40 of 50']);
    expect(alerts(desk.mark(0, 9_150))).toEqual([]);
    expect(rules(desk.mark(0, 9_001))).toEqual([]);
    const halt = desk.mark(0, 9_000);
    expect(rules(halt)).toEqual([`maxWeeklyDrawdown ${row}`]);
    expect(alerts(halt)[0]).toBe('maxWeeklyDrawdown 50 of 50');
    expect(desk.core.rollout.lifecycle[row]).toBe('Halted');
    expect(desk.core.risk.positions.leafPosition(row, 0, 0, false)).toBe(0);
    expect(rules(desk.mark(0, 8_000))).toEqual([]);
  });

  it('of the firm halts every version with capital, and none on paper', () => {
    const { desk, row } = holding(500);
    const other = desk.deploy(canary('d1', '1.1.0', { stages: [rung(100)] }));
    const onPaper = desk.deploy(paper('p', '1.2.0', null));
    limit(desk, 'maxDailyDrawdownBps', 0);
    expect(rules(desk.mark(0, 9_999))).toEqual([`maxDailyDrawdown ${row}`, `maxDailyDrawdown ${other}`]);
    expect(desk.core.rollout.lifecycle[onPaper]).toBe('Shadow');
  });

  it('begins anew exactly at midnight of its day, of Monday and of the first, by a timer of its own', () => {
    const { desk, row } = holding(500);
    limit(desk, 'maxDailyDrawdownBps', 100, 'version', `${sliceID}/1.0.0`);
    desk.mark(0, 9_000);
    const midnight = (Math.floor(desk.at / day) + 1) * day;
    expect(desk.core.risk.drawdowns.nextAt).toBe(midnight);
    desk.advance(midnight - 1 - desk.at);
    const before = desk.core.risk.drawdowns.windows[0].endsAt;
    desk.advance(1);
    expect([before, desk.core.risk.drawdowns.windows[0].endsAt]).toEqual([midnight, midnight + day]);
    desk.mark(1);
    // 5,000 lost yesterday: today it may lose 100 bps of 995,000 more
    expect(rules(desk.mark(0, 7_011))).toEqual([]);
    expect(rules(desk.mark(0, 7_010))).toEqual([`maxDailyDrawdown ${row}`]);
  });

  it('of an algorithm is its own: up to the limit its orders pass', () => {
    const { desk, row } = holding(500);
    limit(desk, 'maxMonthlyDrawdownBps', 50, 'algorithm', 'algo');
    desk.mark(0, 9_001);
    expect(denialsOf(desk.intent(row, 'buy', 1))).toEqual([]);
    const halt = desk.mark(0, 9_000);
    expect(rules(halt)).toEqual([`maxMonthlyDrawdown ${row}`]);
  });

  it('is loosened by two people alone, versioned, and refused where nothing has an equity', () => {
    const desk = openDesk();
    const say = (value: number | null, second: typeof risk | null): string =>
      answerOf(limit(desk, 'maxDailyDrawdownBps', value, 'firm', '', second)).code;
    expect([say(300, null), say(200, null), say(300, null), say(null, null)]).toEqual([
      'OK',
      'OK',
      'SECOND_PERSON_REQUIRED',
      'SECOND_PERSON_REQUIRED',
    ]);
    expect([say(300, senior2), say(10_001, senior2)]).toEqual(['OK', 'LIMIT_NOT_A_SAFE_INTEGER']);
    expect(desk.core.risk.limits.entries.map(({ revision }) => revision)).toEqual([3]);
    expect(answerOf(limit(desk, 'maxDailyDrawdownBps', 300, 'venue', 'V')).code).toBe('UNKNOWN_SCOPE');
  });

  it('is in the state hash and in snapshots: a core read back says the same at the next mark', () => {
    const { desk } = holding(500);
    limit(desk, 'maxWeeklyDrawdownBps', 50, 'version', `${sliceID}/1.0.0`);
    desk.mark(0, 9_500);
    const before = stateHash(desk.core);
    const copy = decodeCore(encodeCore(desk.core));
    if (!copy.ok) throw new Error(copy.error);
    expect(stateHash(copy.value)).toBe(before);
    const [window] = copy.value.risk.drawdowns.windows;
    window.peak.hi += 1;
    expect(stateHash(copy.value)).not.toBe(before);
    window.peak.hi -= 1;
    window.alerted = true;
    expect(stateHash(copy.value)).not.toBe(before);
  });
});

describe('a mandatory stop', () => {
  const bracket = { ordType: 'bracket', timeInForce: 'gtc', stopPx: ticks(9_000), targetPx: ticks(11_000) } as const;

  /** A version under the rule that holds 10 of X behind a bracket's stop; its orders are entry, stop, target. */
  function protectedDesk(): { readonly desk: RolloutDesk; readonly row: number; readonly orders: readonly number[] } {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
    limit(desk, 'maxUnprotectedQty', 0, 'version', `${sliceID}/1.0.0`);
    expect(denialsOf(desk.intent(row, 'buy', 10))).toEqual(['PROTECTIVE_STOP_MISSING']);
    const orders = sentOf(desk.intent(row, 'buy', 10, bracket));
    for (const id of orders) desk.say(reportOf(desk, id, 0, { execType: 'new' }));
    desk.say(reportOf(desk, orders[0], 0, { execType: 'trade', lastQty: lots(10), lastPx: ticks(10_000), execID: 'f' }));
    return { desk, row, orders };
  }

  it('that is canceled is said at once, and a second later the version is rolled back', () => {
    const { desk, row, orders } = protectedDesk();
    const gone = desk.say(reportOf(desk, orders[1], 0, { execType: 'canceled' }));
    expect(alerts(gone)).toEqual(['POSITION_UNPROTECTED 10 of 0']);
    expect(denialsOf(desk.intent(row, 'buy', 1, bracket))).toEqual(['PROTECTIVE_STOP_MISSING']);
    desk.mark(0);
    desk.advance(999_999);
    expect(desk.core.rollout.lifecycle[row]).not.toBe('Halted');
    desk.advance(1);
    expect(desk.core.rollout.lifecycle[row]).toBe('Halted');
    expect(desk.turns.flatMap(rules)).toEqual([`unprotected ${row}`]);
  });

  it('is asked for at once when the rule comes after the position: said in the turn of the command, rolled back a second later', () => {
    const { desk, row } = holding(10);
    const set = limit(desk, 'maxUnprotectedQty', 9, 'version', `${sliceID}/1.0.0`);
    expect([answerOf(set).code, alerts(set)]).toEqual(['OK', ['POSITION_UNPROTECTED 10 of 9']]);
    // the same again says nothing more and does not begin the second anew
    desk.advance(600_000);
    expect(alerts(limit(desk, 'maxUnprotectedQty', 8, 'version', `${sliceID}/1.0.0`))).toEqual([]);
    desk.mark(0);
    desk.advance(399_999);
    expect(desk.core.rollout.lifecycle[row]).not.toBe('Halted');
    desk.advance(1);
    expect(desk.core.rollout.lifecycle[row]).toBe('Halted');
    expect(desk.turns.flatMap(rules)).toEqual([`unprotected ${row}`]);
  });

  it('is not asked for where the limit is what is unprotected, and is forgotten when two people lift it in time', () => {
    const { desk, row } = holding(10);
    expect(alerts(limit(desk, 'maxUnprotectedQty', 10, 'firm', ''))).toEqual([]);
    expect(alerts(limit(desk, 'maxUnprotectedQty', 9, 'firm', ''))).toEqual(['POSITION_UNPROTECTED 10 of 9']);
    expect(answerOf(limit(desk, 'maxUnprotectedQty', null, 'firm', '', senior2)).code).toBe('OK');
    expect(desk.core.rollout.unprotected).toEqual([]);
    desk.mark(0);
    desk.advance(900_000);
    desk.mark(0);
    desk.advance(900_000);
    expect(desk.core.rollout.lifecycle[row]).not.toBe('Halted');
  });

  it('that is canceled because its target fills harms nothing, whichever the venue says first', () => {
    const { desk, row, orders } = protectedDesk();
    desk.say(reportOf(desk, orders[1], 0, { execType: 'canceled' }));
    desk.say(reportOf(desk, orders[2], 0, { execType: 'trade', lastQty: lots(10), lastPx: ticks(11_000), execID: 't' }));
    expect(desk.core.rollout.unprotected).toEqual([]);
    desk.mark(0);
    desk.advance(900_000);
    desk.mark(0);
    desk.advance(900_000);
    expect(desk.core.rollout.lifecycle[row]).not.toBe('Halted');
  });
});

describe('a size cut', () => {
  it('follows the signal of the index: what it does not know cuts', () => {
    const { desk, row } = holding(1);
    limit(desk, 'volatilityCutBps', 5_000, 'algorithm', 'algo');
    const tell = (value: number, knownAt = desk.at): void =>
      void desk.say({ kind: 'signal', name: 'VIX', source: 'test', instrument: -1, value, knownAt: knownAt as never });
    const half = (): readonly string[] => denialsOf(desk.intent(row, 'buy', 600));
    expect(half()).toEqual(['SIZE_CUT_EXCEEDED']);
    tell(30);
    expect(half()).toEqual([]);
    tell(30.01);
    expect(half()).toEqual(['SIZE_CUT_EXCEEDED']);
    tell(12, desk.at - 1);
    expect(half()).toEqual(['SIZE_CUT_EXCEEDED']);
    tell(NaN);
    tell(-1);
    tell(12, desk.at + 1);
    expect(half()).toEqual(['SIZE_CUT_EXCEEDED']);
    expect(desk.core.risk.volatility).toEqual({ level: 3_001, knownAt: desk.at });
  });
});
