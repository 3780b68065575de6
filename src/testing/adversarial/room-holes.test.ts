import { expect, test } from 'vitest';
import { assert } from '../../base/assert.ts';
import { splitZero, toNumber, type Split } from '../../base/split.ts';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { applyFeedNotice } from '../../core/market/marks.ts';
import { bookFill, createBooking } from '../../core/positions/booking.ts';
import { bookCashFlow } from '../../core/positions/cash-flow.ts';
import { leafOf } from '../../core/positions/leaf.ts';
import { changeLimit } from '../../core/risk/limit-command.ts';
import { accountMoved } from '../../core/risk/margin-use.ts';
import { positionMoved } from '../../core/risk/moves.ts';
import { rowTotalInto } from '../../core/risk/pnl.ts';
import type { LimitKey } from '../../domain/limit.ts';
import type { Side } from '../../domain/order.ts';
import { addVersion, close, fill, moneyOf, plainOrder, quote, send, type RiskDesk } from '../scenarios/risk-desk.ts';
import { createRiskWorld, timeOf } from '../scenarios/risk-world.ts';

const at = timeOf('10:00');
const maker = 3;
const acme = 0;
const pair = 8;

function order(desk: RiskDesk, side: Side, qty: number, px = side === 'buy' ? 9_990 : 10_010): number {
  return send(desk, maker, { ...plainOrder, listing: acme, side, orderQty: lotsUnchecked(qty), price: ticksUnchecked(px) }, at);
}

function limitedTo(key: LimitKey, most: number): RiskDesk {
  const desk = createRiskWorld();
  assert(changeLimit(desk.risk, key, most, null).ok, 'the limit is set');
  return desk;
}

test('lots of a version that was never asked about move no limit out of sight', () => {
  const desk = limitedTo({ scope: 'instrument', scopeID: 'ACME', limit: 'maxPosition' }, 100);
  close(desk, order(desk, 'buy', 1));
  const bought = order(desk, 'buy', 100);
  expect(bought).not.toBe(0);
  // the table of scopes has rows for fewer versions than this one's number
  const late = addVersion(desk, 0, '1.2.0');
  fill(desk, bought, 100, 9_990, at, late);
  expect(order(desk, 'buy', 1)).toBe(0);
  expect(desk.risk.denial.code).toBe('POSITION_EXCEEDS_MAX');
});

/** A fill of 100 shares that the account paid 10,000 EUR for. */
function buyDear(desk: RiskDesk): void {
  const bought = order(desk, 'buy', 100);
  const { account } = desk.asker;
  const leaf = leafOf(desk.ledger, maker, account, acme, false);
  const fee = moneyOf(desk, '10000', 'EUR');
  const { hi, lo } = fee;
  const currency = desk.registry.currencyIx.get('EUR') ?? -1;
  const booking = createBooking();
  close(desk, bought);
  const refusal = bookFill(desk.ledger, leaf, 'buy', lotsUnchecked(100), ticksUnchecked(9_990), hi, lo, currency, bought, at, booking);
  expect(refusal).toBeUndefined();
  positionMoved(desk.risk, maker, account, acme, false, booking);
}

test('a position that gains what fees in another currency lose still needs more margin', () => {
  const desk = limitedTo({ scope: 'firm', scopeID: '', limit: 'creditLine' }, 23_000_000_000);
  buyDear(desk);
  close(desk, order(desk, 'buy', 1));
  for (let i = 1; i <= 16; i++) {
    quote(desk, pair, 10_999 + 100 * i, 11_001 + 100 * i, at);
    quote(desk, acme, 9_999 + 100 * i, 10_001 + 100 * i, at);
  }
  // 400 USD of the line are left, of the 2,000 when the route was measured
  expect(order(desk, 'buy', 5)).toBe(0);
  expect(desk.risk.denial.code).toBe('CREDIT_EXCEEDED');
  expect(order(desk, 'buy', 3)).not.toBe(0);
});

test('a fee in a currency whose feed falls silent stays in the result', () => {
  const desk = createRiskWorld();
  buyDear(desk);
  const lost = toNumber(resultOf(desk));
  expect(lost).toBeLessThan(toNumber(moneyOf(desk, '-10000', 'USD')));
  applyFeedNotice(desk.marks, { kind: 'feed', feed: 0, listing: pair, condition: 'gap', value: 0, text: '' });
  // a cent up for a hundred shares
  quote(desk, acme, 10_000, 10_002, at);
  expect(toNumber(resultOf(desk)) - lost).toBeLessThanOrEqual(toNumber(moneyOf(desk, '100', 'USD')));
});

function resultOf(desk: RiskDesk): Split {
  const out = splitZero();
  rowTotalInto(out, desk.risk.pnl, maker, false);
  return out;
}

test('cash past 2^53 micro-money is compared with margins, and ends nothing', () => {
  const desk = limitedTo({ scope: 'firm', scopeID: '', limit: 'creditLine' }, 1_000_000);
  const money = moneyOf(desk, '-20000000000', 'USD');
  const flow = { kind: 'cashFlow', flow: 'transfer', account: 0, row: -1, instrument: -1, currency: 0, reference: '' } as const;
  expect(bookCashFlow(desk.ledger, { ...flow, hi: money.hi, lo: money.lo }, false)).toBeUndefined();
  accountMoved(desk.risk, 0);
  expect(order(desk, 'buy', 1)).toBe(0);
  expect(desk.risk.denial.code).toBe('CREDIT_EXCEEDED');
});
