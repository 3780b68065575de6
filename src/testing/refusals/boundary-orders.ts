import { lots, ticks } from '../../base/units.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import type { BoundaryDesk } from './boundary-desk.ts';

/** An order waits this long for the older one in its way (rollout.md 3), microseconds. */
const patience = 500_000;

/** Two versions; one of them holds two lots, the bid of the other is in the way of its reduce-only offer, which waits. @returns numbers of the bid, and of two orders that its venue has not acknowledged yet */
function inTheWay(b: BoundaryDesk): readonly number[] {
  const one = b.deploy(canary('one', '1.0.0', { stages: [rung(1_000)] }));
  const other = b.deploy(canary('other', '1.1.0', { stages: [rung(1_000)] }));
  b.fill(one, 'buy', 2);
  const bid = b.order(other, 'buy', 1, { price: ticks(9_950) });
  b.report(bid, { execType: 'new' });
  const others = [9_000, 8_999].map((price) => b.order(other, 'buy', 1, { price: ticks(price) }));
  b.desk.advance(1_000);
  b.order(one, 'sell', 2, { price: ticks(9_940), reduceOnly: true });
  return [bid, ...others];
}

const denied = (b: BoundaryDesk): number => b.of('orderDenied').length;
const sold = (b: BoundaryDesk): number => b.of('orderSent').filter(({ order }) => order.side === 'sell').length;

function expect(b: BoundaryDesk, where: string, denials: number, sales: number): void {
  if (denied(b) !== denials || sold(b) !== sales)
    b.say(`nothing due ${where}, and ${denied(b)} were denied and ${sold(b)} sent, expected ${denials} and ${sales}`);
}

/** It waits until half a second is over and is denied then. */
export function waitsInVain(b: BoundaryDesk): void {
  const [, one, other] = inTheWay(b);
  const from = b.desk.at;
  expect(b, 'at once', 0, 0);
  // whoever waits is looked at with each report
  b.report(one, { execType: 'new' });
  expect(b, 'with the bid open', 0, 0);
  b.passTo(from + patience - 1);
  b.report(other, { execType: 'new' });
  expect(b, 'a microsecond before its time is over', 0, 0);
  b.passTo(from + patience);
  b.now();
  expect(b, 'when its time is over', 1, 0);
}

/** It leaves in the turn in which the older one is canceled. */
export function waitsForCancel(b: BoundaryDesk): void {
  const [bid] = inTheWay(b);
  b.desk.advance(1_000);
  const cancel = b.of('cancelSent').at(-1);
  b.report(cancel?.clOrdID ?? 0, { execType: 'canceled', origClOrdID: bid, leavesQty: 0, lastQty: lots(0) });
  expect(b, 'with nothing in its way', 0, 1);
}
