import { describe, expect, it } from 'vitest';
import { ticks } from '../../base/units.ts';
import type { GateSpec } from '../../domain/spec.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { answerOf, openDesk, risk, senior2, trader } from '../rollout/rollout-desk.ts';
import { firmLimit, outcomeOf, tradingDesk } from './incident-desk.ts';

const micro = 1_000_000;

/** 2 May 2022: a basket of 58 million USD was typed as 58 million of quantity. 711 warnings were dismissed at once, 1.4 billion USD were sold. */
describe('Citi 2022', () => {
  it('a quantity typed where a notional was meant is refused by its value', () => {
    const { desk, row } = tradingDesk();
    firmLimit(desk, 'maxNotional', 5_000 * micro);
    expect(outcomeOf(desk.intent(row, 'buy', 49))).toBeGreaterThan(0);
    expect(outcomeOf(desk.intent(row, 'buy', 5_000))).toBe('NOTIONAL_EXCEEDS_MAX');
  });

  it('a quantity typed where a notional was meant is refused by its size', () => {
    const { desk, row } = tradingDesk();
    firmLimit(desk, 'maxOrderQty', 50);
    expect(outcomeOf(desk.intent(row, 'buy', 50))).toBeGreaterThan(0);
    expect(outcomeOf(desk.intent(row, 'buy', 58_000_000))).toBe('ORDER_QTY_EXCEEDS_MAX');
  });

  it('a basket that passes line by line stops where its total passes the capital', () => {
    const { desk, row } = tradingDesk();
    firmLimit(desk, 'maxNotional', 2_500 * micro);
    const lines = Array.from({ length: 8 }, (_, n) => outcomeOf(desk.intent(row, 'sell', 20, { listing: n % 2, price: ticks(10_000) })));
    // 2,000 USD a line of the 10,000 granted
    expect(lines.slice(0, 4).every((line) => typeof line === 'number')).toBe(true);
    expect(new Set(lines.slice(5))).toEqual(new Set(['ALLOCATION_EXCEEDED']));
  });

  const gate: GateSpec = { name: 'g', test: 'psr2012', metric: 'netReturn', parameters: { minimum: 0.95 } };
  const asked = { entryGates: ['g'] };
  const spec = canary('d0', '1.0.0', { gates: [gate], stages: [rung(100), rung(500, asked), rung(1_000, asked)], onInconclusive: 'hold' });

  it('what does not pass is waived by its name: no word stands for all of it', () => {
    const desk = openDesk();
    desk.deploy(spec);
    for (const waives of [['*'], ['all'], ['']]) {
      const promote = { verb: 'promote', deploymentID: 'd0', reason: 'it will be fine', waives } as const;
      expect(answerOf(desk.order(promote, risk, senior2)).code).toBe('UNKNOWN_GATE');
    }
    const waive = { verb: 'waive', deploymentID: 'd0', stage: 1, gate: '*', reason: 'it will be fine' } as const;
    expect(answerOf(desk.order(waive, risk, senior2)).code).toBe('UNKNOWN_GATE');
  });

  it('a waiver is for one gate before one stage: the next stage asks again', () => {
    const desk = openDesk();
    const row = desk.deploy(spec);
    const waive = { verb: 'waive', deploymentID: 'd0', stage: 1, gate: 'g', reason: 'looked at' } as const;
    expect(answerOf(desk.order(waive, risk, senior2)).code).toBe('OK');
    for (let n = 0; n < 400; n++) {
      desk.advance(900_000);
      desk.mark(0);
      desk.mark(1);
    }
    const deployment = desk.core.rollout.deployments[0];
    expect(deployment.row).toBe(row);
    // up one rung, and no further
    expect(deployment.stage).toBe(1);
  });

  it('a waiver takes two people', () => {
    const desk = openDesk();
    desk.deploy(spec);
    const waive = { verb: 'waive', deploymentID: 'd0', stage: 1, gate: 'g', reason: 'looked at' } as const;
    expect(answerOf(desk.order(waive, risk, null)).code).toBe('SECOND_PERSON_REQUIRED');
    expect(answerOf(desk.order(waive, trader, risk)).code).toBe('ROLE_REQUIRED');
  });
});
