import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { stateHash } from '../../core/engine.ts';
import { judgePortfolio } from '../../core/rollout/portfolio-gate.ts';
import type { LimitScope } from '../../domain/limit.ts';
import { canary, rung } from './rollout-specs.ts';
import { answerOf, denialsOf, openDesk, reportOf, risk, senior2, sentOf, type RolloutDesk, type Turn } from './rollout-desk.ts';

const limit = (desk: RolloutDesk, scope: LimitScope, scopeID: string, value: number | null): Turn =>
  desk.order({ verb: 'setLimit', key: { scope, scopeID, limit: 'maxPosition' }, value }, risk, senior2);

function fill(desk: RolloutDesk, id: number, qty: number): Turn {
  return desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(10_000), execID: `x${desk.turns.length}` }));
}

const buys = (desk: RolloutDesk, row: number, qty: number): number => sentOf(desk.intent(row, 'buy', qty))[0] ?? 0;
const alerts = (turn: Turn): readonly string[] =>
  turn.decisions.flatMap((one) =>
    one.kind === 'alertRaised' && one.subject === 'POSITION_LIMIT' ? [`${one.severity} ${one.value} of ${one.limit}`] : [],
  );
const canceled = (turn: Turn): readonly number[] => turn.decisions.flatMap((one) => (one.kind === 'cancelSent' ? [one.target] : []));

/** Two versions of a slice with 10 % of its 1,000,000 each. */
function two(): { readonly desk: RolloutDesk; readonly one: number; readonly other: number } {
  const desk = openDesk();
  const one = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
  return { desk, one, other: desk.deploy(canary('d1', '1.1.0', { stages: [rung(1_000)] })) };
}

describe('a position over versions and accounts', () => {
  it.each<readonly [LimitScope, string]>([
    ['firm', ''],
    ['account', 'A1'],
    ['algorithm', 'algo'],
    ['venue', 'V'],
    ['instrument', 'X'],
  ])('of a scope (%s %s) is said at 80 %% and at 100 %% of its limit, once, and again after it was lower', (scope, id) => {
    const { desk, one, other } = two();
    limit(desk, scope, id, 1_000);
    expect(alerts(fill(desk, buys(desk, one, 400), 400))).toEqual([]);
    expect(alerts(fill(desk, buys(desk, other, 399), 399))).toEqual([]);
    expect(alerts(fill(desk, buys(desk, one, 1), 1))).toEqual(['medium 800 of 1000']);
    expect(alerts(fill(desk, buys(desk, one, 100), 100))).toEqual([]);
    expect(alerts(fill(desk, buys(desk, other, 100), 100))).toEqual(['high 1000 of 1000']);
    expect(denialsOf(desk.intent(one, 'buy', 1))).toEqual(['POSITION_EXCEEDS_MAX']);
    const [sold] = sentOf(desk.intent(one, 'sell', 300));
    expect(alerts(fill(desk, sold, 300))).toEqual([]);
    expect(alerts(fill(desk, buys(desk, one, 100), 100))).toEqual(['medium 800 of 1000']);
  });

  it('at its limit has the orders taken back that would add to it: a limit that was lowered binds what is open too', () => {
    const { desk, one, other } = two();
    limit(desk, 'firm', '', 1_000);
    fill(desk, buys(desk, one, 500), 500);
    const open = buys(desk, other, 300);
    const [closing] = sentOf(desk.intent(one, 'sell', 200, { price: ticks(10_500) }));
    const last = buys(desk, other, 100);
    limit(desk, 'firm', '', 600);
    const turn = fill(desk, last, 100);
    expect(alerts(turn)).toEqual(['high 600 of 600']);
    expect(canceled(turn)).toEqual([open]);
    expect(canceled(turn)).not.toContain(closing);
  });

  it('is a gate before capital: a limit that is reached holds the climb, and cannot be waived', () => {
    const { desk, one, other } = two();
    expect(judgePortfolio(desk.core, one)).toBeUndefined();
    limit(desk, 'account', 'A1', 500);
    expect(judgePortfolio(desk.core, other)).toMatchObject({ gate: 'portfolio', verdict: 'pass', value: 0 });
    fill(desk, buys(desk, one, 499), 499);
    expect(judgePortfolio(desk.core, other)).toMatchObject({ verdict: 'pass', value: 0.998 });
    fill(desk, buys(desk, one, 1), 1);
    expect(judgePortfolio(desk.core, other)).toMatchObject({
      verdict: 'inconclusive',
      value: 1,
      text: 'position of 500 base units of X in account:A1, of 500',
    });
    const climbing = desk.deploy(canary('d2', '1.2.0', { stages: [rung(10), rung(100)] }));
    expect(desk.core.gate.cap.lo[climbing]).toBe(0);
    expect(desk.phaseOf('d2')).toBe('Paused');
    const promoted = desk.order({ verb: 'promote', deploymentID: 'd2', reason: 'test', waives: ['portfolio'] }, risk, senior2);
    expect(answerOf(promoted)).toMatchObject({ code: 'UNKNOWN_GATE' });
  });

  it('is a gate by its drawdown too', () => {
    const { desk, one, other } = two();
    fill(desk, buys(desk, one, 500), 500);
    desk.order({ verb: 'setLimit', key: { scope: 'algorithm', scopeID: 'algo', limit: 'maxDailyDrawdownBps' }, value: 50 }, risk, null);
    desk.mark(0, 9_500);
    expect(judgePortfolio(desk.core, other)).toMatchObject({ verdict: 'pass', value: 0.5 });
    desk.mark(0, 9_000);
    expect(judgePortfolio(desk.core, other)).toMatchObject({ verdict: 'inconclusive', value: 1 });
  });

  it('costs a fill one comparison while it is far from every limit, and what was said is in the state hash', () => {
    const { desk, one } = two();
    limit(desk, 'firm', '', 1_000);
    fill(desk, buys(desk, one, 500), 500);
    const { positionWatch } = desk.core.risk;
    const route = desk.core.risk.exposure.firstRoute[0];
    expect(positionWatch.quietUntil[route] - desk.core.risk.slack.spent[0]).toBe(299);
    const before = stateHash(desk.core);
    positionWatch.near.push({ scope: 0, ix: 0, instrument: 0, level: 1 });
    expect(stateHash(desk.core)).not.toBe(before);
  });
});
