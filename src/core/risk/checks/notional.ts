import { splitZero } from '../../../base/split.ts';
import type { CheckContext } from '../check-context.ts';
import { surelyWithin } from '../estimate.ts';
import { notionalInto } from '../facts.ts';
import { firmMicroUp } from '../firm-money.ts';
import { notionalLimit } from '../limits.ts';
import { noLimit } from '../scope-table.ts';
import type { Risk } from '../risk.ts';
import { scopeOfValue } from '../strictest.ts';
import { deny } from '../verdict.ts';

const money = splitZero();

/** orderQty x reservation price in the firm's money against maxNotional. A reducing order whose price nobody knows passes. */
export function notional(risk: Risk, c: CheckContext): boolean {
  const limit = c.mostNotional;
  if (limit === noLimit || c.listing === undefined || c.valuePx === 0) return true;
  if (c.listing.currency === risk.firmCurrency && surelyWithin(c.order.orderQty * c.lotMoney * risk.microPerUnit, limit)) return true;
  notionalInto(money, c);
  const micro = firmMicroUp(risk, money, c.listing.currency);
  if (micro <= limit) return true;
  if (micro !== micro) return deny(risk, 'NO_FX_RATE', c.listing.currency, risk.firmCurrency);
  const scope = scopeOfValue(risk, c, notionalLimit, limit);
  return deny(risk, 'NOTIONAL_EXCEEDS_MAX', micro, limit, scope, c.scopeIx[scope]);
}
