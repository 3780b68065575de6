import { expect, it } from 'vitest';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { WantedOrder } from '../../core/risk/check-context.ts';
import { modeOf } from '../../core/risk/order-gate.ts';
import { setRow } from '../../core/risk/row-change.ts';
import { moneyOf, plainOrder, send } from './risk-desk.ts';
import { createRiskWorld, timeOf } from './risk-world.ts';

const paperRow = 5;

function wanted(orderQty: number): WantedOrder {
  return { ...plainOrder, listing: 0, side: 'buy', orderQty: lotsUnchecked(orderQty), price: ticksUnchecked(9_900) };
}

it('an order at the simulator is not replaced at a venue, nor one at a venue at the simulator', () => {
  const desk = createRiskWorld();
  expect(modeOf(desk.risk.gate, paperRow)).toBe('SIMULATED');
  const onPaper = send(desk, paperRow, wanted(10), timeOf('10:00'));
  expect(onPaper).not.toBe(0);
  // it still works while its version is given capital: its cancel was refused, say
  setRow(desk.risk.gate, paperRow, { mode: 'ACTIVE', cap: moneyOf(desk, '10000', 'USD') });
  expect(send(desk, paperRow, wanted(11), timeOf('10:01'), onPaper)).toBe(0);
  expect(desk.risk.denial.code).toBe('TERMS_CONTRADICT');
  // a new order goes to the venue
  const atVenue = send(desk, paperRow, wanted(12), timeOf('10:02'));
  expect(atVenue).not.toBe(0);
  setRow(desk.risk.gate, paperRow, { mode: 'SIMULATED' });
  expect(send(desk, paperRow, wanted(13), timeOf('10:03'), atVenue)).toBe(0);
  expect(desk.risk.denial.code).toBe('TERMS_CONTRADICT');
  // what stays where it is goes on
  expect(send(desk, paperRow, wanted(14), timeOf('10:04'), onPaper)).not.toBe(0);
});
