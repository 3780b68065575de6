import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { canary } from '../rollout/rollout-specs.ts';
import { openDesk, reportOf } from '../rollout/rollout-desk.ts';
import { held, outcomeOf, setLimit, tradingDesk, traded, unanswered, versionKey } from './incident-desk.ts';

/** Any day: a venue goes away with orders on the way, comes back, and says everything again. */
describe('venue outage', () => {
  it('orders that nobody answers for count in full against the position limit', () => {
    const { desk, row } = tradingDesk();
    setLimit(desk, versionKey('maxPosition'), 40);
    for (let n = 0; n < 4; n++) {
      const outcome = outcomeOf(desk.intent(row, 'buy', 10));
      if (typeof outcome === 'string') throw new Error(outcome);
      unanswered(desk, outcome);
    }
    expect(outcomeOf(desk.intent(row, 'buy', 1))).toBe('POSITION_EXCEEDS_MAX');
  });

  it('what the venue replays after the outage is booked once', () => {
    const { desk, row } = tradingDesk();
    const [first, second] = [30, 20].map((qty) => {
      const outcome = outcomeOf(desk.intent(row, 'buy', qty));
      if (typeof outcome === 'string') throw new Error(outcome);
      return outcome;
    });
    const replay = (): void => {
      traded(desk, first, 30, 30, 'E-1');
      traded(desk, second, 5, 20, 'E-2');
    };
    for (let times = 0; times < 5; times++) replay();
    expect(held(desk, row)).toBe(35);
    // the same execution under a number of the venue's new session
    const again = { lastQty: lots(5), lastPx: ticks(10_000), cumQty: 5, leavesQty: 15, execID: 'NEW-2' } as const;
    desk.say(reportOf(desk, second, 0, { execType: 'trade', ...again }));
    expect(held(desk, row)).toBe(35);
  });

  it('a fill that comes after the order was taken for canceled is booked', () => {
    const { desk, row } = tradingDesk();
    const outcome = outcomeOf(desk.intent(row, 'buy', 10));
    if (typeof outcome === 'string') throw new Error(outcome);
    desk.say(reportOf(desk, outcome, 0, { execType: 'canceled', cumQty: 0, leavesQty: 0 }));
    traded(desk, outcome, 10, 10, 'E-9');
    expect(held(desk, row)).toBe(10);
  });

  it('while a venue’s prices are silent the version that trades on them may only cancel', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    expect(outcomeOf(desk.intent(row, 'buy', 1))).toBeGreaterThan(0);
    desk.advance(6_000_000);
    expect(outcomeOf(desk.intent(row, 'buy', 2))).toBe('MODE_CANCEL_ONLY');
  });
});
