import type { CheckContext } from '../check-context.ts';
import type { Risk } from '../risk.ts';
import { isOpen } from '../sessions.ts';
import { deny } from '../verdict.ts';

/** The listing's calendar is open at this microsecond, or its venue keeps the order for the next session. */
export function tradingHours(risk: Risk, c: CheckContext): boolean {
  const { sessions } = risk;
  return (
    isOpen(sessions, c.order.listing, c.at) ||
    isQueued(risk, c) ||
    deny(risk, 'OUTSIDE_TRADING_HOURS', c.at, sessions.until[sessions.calendarOf[c.order.listing]])
  );
}

/** What must trade at once cannot wait for a session. */
function isQueued({ registry }: Risk, { order, listing }: CheckContext): boolean {
  if (listing === undefined || registry.venues[listing.venue].capabilities.queuesOrders !== true) return false;
  switch (order.timeInForce) {
    case 'day':
    case 'gtc':
    case 'gtd':
      return true;
    case 'ioc':
    case 'fok':
      return false;
  }
}
