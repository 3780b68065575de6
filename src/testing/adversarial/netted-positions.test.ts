import { expect, test } from 'vitest';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { changeLimit } from '../../core/risk/limit-command.ts';
import type { Side } from '../../domain/order.ts';
import { close, fill, plainOrder, send, type RiskDesk } from '../scenarios/risk-desk.ts';
import { createRiskWorld, timeOf } from '../scenarios/risk-world.ts';

const at = timeOf('10:00');
const [maker, taker] = [3, 6];
const [acme, bolt, coil] = [0, 1, 2];

function limitedDesk(most: number): RiskDesk {
  const desk = createRiskWorld();
  changeLimit(desk.risk, { scope: 'firm', scopeID: '', limit: 'maxOpenPositions' }, most, null);
  tradeAll(desk);
  return desk;
}

function order(desk: RiskDesk, row: number, listing: number, side: Side, qty: number): number {
  const price = ticksUnchecked(side === 'buy' ? 9_990 : 10_010);
  return send(desk, row, { ...plainOrder, listing, side, orderQty: lotsUnchecked(qty), price }, at);
}

/** Everybody has traded everything and holds nothing: no scope is new any more. */
function tradeAll(desk: RiskDesk): void {
  for (let round = 0; round < 2; round++)
    for (const row of [maker, taker])
      for (const listing of [acme, bolt, coil]) {
        trade(desk, row, listing, 'buy', 1);
        trade(desk, row, listing, 'sell', 1);
      }
}

function trade(desk: RiskDesk, row: number, listing: number, side: Side, qty: number): void {
  const sent = order(desk, row, listing, side, qty);
  expect(sent).not.toBe(0);
  fill(desk, sent, qty, side === 'buy' ? 9_990 : 10_010, at);
}

test('a version with a position that another one has netted opens the instrument anew for the firm', () => {
  const desk = limitedDesk(1);
  trade(desk, maker, acme, 'buy', 10);
  trade(desk, taker, acme, 'sell', 10);
  // the firm holds nothing of ACME now, and BOLT is its one position
  trade(desk, taker, bolt, 'buy', 10);
  expect(order(desk, maker, acme, 'buy', 5)).toBe(0);
  expect(desk.risk.denial.code).toBe('OPEN_POSITIONS_EXCEED_MAX');
});

test('instruments that are held again by orders on netted positions count for orders of others', () => {
  const desk = limitedDesk(2);
  for (const listing of [acme, bolt]) {
    trade(desk, maker, listing, 'buy', 10);
    trade(desk, taker, listing, 'sell', 10);
  }
  // the firm holds nothing: its route is measured with room for two
  close(desk, order(desk, taker, coil, 'buy', 1));
  for (const listing of [acme, bolt]) expect(order(desk, maker, listing, 'buy', 5)).not.toBe(0);
  expect(order(desk, taker, coil, 'buy', 1)).toBe(0);
  expect(desk.risk.denial.code).toBe('OPEN_POSITIONS_EXCEED_MAX');
});
