import type { CheckContext } from '../check-context.ts';
import { noLimit } from '../scope-table.ts';
import type { Risk } from '../risk.ts';
import { deny } from '../verdict.ts';

/** Orders that are reserved or judged by the market need a reference price that may be used. */
export function referencePrice(risk: Risk, c: CheckContext): boolean {
  if (c.refTwice > 0 && c.refValid) return true;
  const { ordType, price } = c.order;
  const byMarket = ordType === 'market' || ordType === 'trailingStop' || (ordType === 'bracket' && price === 0);
  if (!byMarket && c.fatFingerBps === noLimit && c.collarBps === noLimit) return true;
  return c.refTwice > 0
    ? deny(risk, 'REFERENCE_PRICE_STALE', risk.marks.at[c.order.listing], c.at)
    : deny(risk, 'NO_REFERENCE_PRICE', 0, 1);
}
