import type { CheckContext } from '../check-context.ts';
import type { Risk } from '../risk.ts';
import { deny } from '../verdict.ts';

/** A reduce-only order must bring |position| down whatever of it fills, open orders on its side counted first. */
export function reduceOnly(risk: Risk, c: CheckContext): boolean {
  return !c.order.reduceOnly || c.reducing || deny(risk, 'REDUCE_ONLY_WOULD_INCREASE', c.leaves, c.closable);
}
