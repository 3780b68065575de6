import { expect, it } from 'vitest';
import { bracketLegs, ordStatuses, ordTypes, sides, timesInForce } from '../../domain/order.ts';
import { execTypes } from '../../domain/report.ts';
import { execTypeCode, ordStatusCode, packCode, unpackCode } from './order-code.ts';
import { cell, orderTable } from './order-table.ts';
import { blankOrder, type StoredOrder } from './stored-order.ts';

const paused = ['none', 'suspended', 'doneForDay'] as const;
const ended = ['none', 'canceled', 'expired', 'rejected', 'doneForDay'] as const;

it('the words of an order come back from their code, each of them', () => {
  const words: Partial<StoredOrder>[] = [
    ...sides.map((side) => ({ side })),
    ...ordTypes.map((ordType) => ({ ordType })),
    ...timesInForce.map((timeInForce) => ({ timeInForce })),
    ...ordStatuses.map((ordStatus) => ({ ordStatus })),
    ...bracketLegs.map((leg) => ({ leg })),
    ...paused.map((word) => ({ paused: word })),
    ...ended.map((word) => ({ ended: word })),
    ...[true, false].flatMap((flag) => [{ postOnly: flag }, { reduceOnly: flag }, { simulated: flag }, { acknowledged: flag }]),
  ];
  for (const word of words) {
    const order = { ...blankOrder(0), ...word };
    const read = blankOrder(0);
    unpackCode(read, packCode(order));
    expect(read).toEqual(order);
    expect(packCode(order)).toBeLessThan(1 << 22);
  }
  expect(words.length).toBe(45);
});

it('states and types of reports are numbered as they are listed, and a cell found by number is that of the table', () => {
  expect(execTypes.map(execTypeCode)).toEqual(execTypes.map((_, i) => i));
  expect(ordStatuses.map(ordStatusCode)).toEqual(ordStatuses.map((_, i) => i));
  for (const state of ordStatuses) for (const execType of execTypes) expect(cell(state, execType)).toBe(orderTable[state][execType]);
});
