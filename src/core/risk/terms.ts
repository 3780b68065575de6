import type { OrderTerms } from '../../domain/order.ts';

/** Whether the terms of an order contradict each other. Prices are there and positive where the type needs one. */
export function termsContradict(order: OrderTerms, at: number): boolean {
  const immediate = order.timeInForce === 'ioc' || order.timeInForce === 'fok';
  if (order.timeInForce === 'gtd' ? order.expireTime <= at : order.expireTime !== 0) return true;
  if (order.postOnly && (immediate || order.price === 0)) return true;
  if (order.targetPx !== 0 && order.ordType !== 'bracket') return true;
  if (order.trailOffset !== 0 && order.ordType !== 'trailingStop') return true;
  switch (order.ordType) {
    case 'market':
      return order.price !== 0 || order.stopPx !== 0;
    case 'limit':
      return order.stopPx !== 0;
    case 'stop':
    case 'trailingStop':
      return order.price !== 0 || order.postOnly || (order.ordType === 'trailingStop' && order.stopPx !== 0);
    case 'stopLimit':
      return order.postOnly;
    case 'bracket':
      return immediate || order.reduceOnly || !legsInOrder(order);
  }
}

/** Buy: stop < entry < target; sell: the other way round; a market entry has no price of its own. */
function legsInOrder(order: OrderTerms): boolean {
  const side = order.side === 'buy' ? 1 : -1;
  if (side * (order.targetPx - order.stopPx) <= 0) return false;
  return order.price === 0 || (side * (order.price - order.stopPx) > 0 && side * (order.targetPx - order.price) > 0);
}
