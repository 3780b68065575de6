import { describe, expect, it } from 'vitest';
import { firmLimit, held, outcomeOf, tradingDesk, traded, unanswered } from './incident-desk.ts';

/** 16 August 2013: a function that sent again what seemed unfilled turned 3.3 billion USD of orders into 26,082 of them within two seconds. */
describe('Everbright 2013', () => {
  it('what is sent again counts on top of the order that nobody answered for', () => {
    const { desk, row } = tradingDesk();
    const first = outcomeOf(desk.intent(row, 'buy', 60));
    if (typeof first === 'string') throw new Error(first);
    unanswered(desk, first);
    // 6,000 of 10,000 USD may have been spent
    expect(outcomeOf(desk.intent(row, 'buy', 60))).toBe('ALLOCATION_EXCEEDED');
    expect(outcomeOf(desk.intent(row, 'buy', 30))).toBeGreaterThan(0);
  });

  it('the first order fills after all: what was bought is still within the capital', () => {
    const { desk, row } = tradingDesk();
    const sent: [number, number][] = [];
    for (let tries = 0; tries < 10; tries++) {
      const outcome = outcomeOf(desk.intent(row, 'buy', 30));
      if (typeof outcome === 'string') continue;
      sent.push([outcome, 30]);
      unanswered(desk, outcome);
    }
    for (const [clOrdID, qty] of sent) traded(desk, clOrdID, qty, qty, `late-${clOrdID}`);
    expect(held(desk, row)).toBe(90);
  });

  it('the same order again within the window is a duplicate', () => {
    const { desk, row } = tradingDesk();
    firmLimit(desk, 'duplicateWindow', 2_000_000);
    expect(outcomeOf(desk.intent(row, 'buy', 5))).toBeGreaterThan(0);
    expect(outcomeOf(desk.intent(row, 'buy', 5))).toBe('DUPLICATE_ORDER');
    desk.advance(2_000_001);
    desk.mark(0);
    expect(outcomeOf(desk.intent(row, 'buy', 5))).toBeGreaterThan(0);
  });

  it('a loop that sends again is stopped by the rate of orders, cancels are not', () => {
    const { desk, row } = tradingDesk();
    firmLimit(desk, 'maxOrdersPerSecond', 10);
    const outcomes = Array.from({ length: 40 }, (_, n) => outcomeOf(desk.intent(row, 'buy', 1 + (n % 2))));
    expect(outcomes.filter((one) => typeof one === 'number')).toHaveLength(10);
    expect(new Set(outcomes.slice(10))).toEqual(new Set(['ORDER_RATE_EXCEEDS_MAX']));
    const { effects } = desk.intent(row, 'buy', 0, { action: 'cancelAll' });
    expect(effects.filter(({ kind }) => kind === 'cancel')).toHaveLength(10);
  });
});
