import type { CheckContext } from '../check-context.ts';
import type { Risk } from '../risk.ts';
import { isOpen } from '../sessions.ts';
import { deny } from '../verdict.ts';

/** The listing's calendar is open at this microsecond. */
export function tradingHours(risk: Risk, c: CheckContext): boolean {
  const { sessions } = risk;
  return (
    isOpen(sessions, c.order.listing, c.at) ||
    deny(risk, 'OUTSIDE_TRADING_HOURS', c.at, sessions.until[sessions.calendarOf[c.order.listing]])
  );
}
