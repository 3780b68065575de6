import { describe, expect, it } from 'vitest';
import { limitNames } from '../../domain/limit.ts';
import { limitRules } from '../../core/risk/limit-rules.ts';
import { answerOf, risk, senior2 } from '../rollout/rollout-desk.ts';
import { firmLimit, outcomeOf, setLimit, tradingDesk, versionKey } from './incident-desk.ts';

const micro = 1_000_000;
const capital = 1_000_000_000 * micro;

/** SEC order of 26 September 2016: limits stood so wide (50 million shares an order) that they never stopped anything. */
describe('Merrill 2016', () => {
  it('with every limit as wide as it can be set an order past the granted capital does not leave', () => {
    const { desk, row } = tradingDesk();
    // at any width the risk of a trade asks for a stop, which these orders have not
    for (const limit of limitNames.filter((name) => name !== 'maxRiskPerTradeBps')) {
      const { max } = limitRules[limit];
      firmLimit(desk, limit, limit === 'duplicateWindow' ? 1 : limit === 'maxNotional' || limit === 'maxDailyLoss' ? capital : max);
    }
    expect(outcomeOf(desk.intent(row, 'buy', 99))).toBeGreaterThan(0);
    expect(outcomeOf(desk.intent(row, 'buy', 5_000_000))).toBe('ALLOCATION_EXCEEDED');
  });

  it('a limit on money that lies above all of the capital is refused: it would only look like one', () => {
    const { desk } = tradingDesk();
    for (const limit of ['maxNotional', 'maxDailyLoss'] as const) {
      expect(answerOf(firmLimit(desk, limit, capital + 1)).code).toBe('LIMIT_NEVER_BINDS');
      expect(answerOf(firmLimit(desk, limit, capital)).code).toBe('OK');
    }
  });

  it('a share or a distance that no market reaches is no limit', () => {
    const { desk } = tradingDesk();
    for (const limit of ['priceCollarBps', 'fatFingerBps', 'maxConcentrationBps'] as const)
      expect(answerOf(firmLimit(desk, limit, limitRules[limit].max + 1)).code).toBe('LIMIT_NOT_A_SAFE_INTEGER');
  });

  it('widening a limit, or removing it, takes two people; tightening takes one', () => {
    const { desk } = tradingDesk();
    firmLimit(desk, 'maxOrderQty', 50);
    const key = { scope: 'firm', scopeID: '', limit: 'maxOrderQty' } as const;
    const alone = (value: number | null): string => answerOf(desk.order({ verb: 'setLimit', key, value }, risk, null)).code;
    expect(alone(51)).toBe('SECOND_PERSON_REQUIRED');
    expect(alone(null)).toBe('SECOND_PERSON_REQUIRED');
    expect(alone(49)).toBe('OK');
    expect(answerOf(desk.order({ verb: 'setLimit', key, value: 51 }, risk, senior2)).code).toBe('OK');
  });

  it('a wide limit of the firm does not loosen the narrow one of a version', () => {
    const { desk, row } = tradingDesk();
    setLimit(desk, versionKey('maxOrderQty'), 20);
    firmLimit(desk, 'maxOrderQty', 50_000_000);
    expect(outcomeOf(desk.intent(row, 'buy', 20))).toBeGreaterThan(0);
    expect(outcomeOf(desk.intent(row, 'buy', 21))).toBe('ORDER_QTY_EXCEEDS_MAX');
  });
});
