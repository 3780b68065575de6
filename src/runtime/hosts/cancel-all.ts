import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import type { EventSeq, RowIx } from '../../domain/ids.ts';
import type { Intent } from '../../domain/input.ts';
import { noPrice, noTime } from '../../domain/order.ts';
import type { Context } from '../strategy-context.ts';

/** What the host of a row asks for it when its new instance knows nothing of the orders of the last one. */
export function cancelAllOf(
  row: RowIx,
  context: Context,
  epoch: number,
  last: { readonly eventSeq: EventSeq; readonly at: Micros },
): Intent {
  const none = ticksUnchecked(noPrice);
  return {
    kind: 'intent',
    action: 'cancelAll',
    row,
    tag: context.lastTag + 1,
    targetTag: 0,
    eventSeq: last.eventSeq,
    epoch,
    listing: context.universe[0],
    side: 'buy',
    ordType: 'limit',
    timeInForce: 'gtc',
    orderQty: lotsUnchecked(0),
    price: none,
    stopPx: none,
    targetPx: none,
    trailOffset: 0,
    expireTime: microsUnchecked(noTime),
    postOnly: false,
    reduceOnly: false,
    parentOrderID: 0,
    decisionAt: last.at,
    arrivalBid: none,
    arrivalAsk: none,
    reason: 'its host was ended',
    compliance: '',
  };
}
