import type { CheckContext } from '../check-context.ts';
import type { Risk } from '../risk.ts';

/** One pre-trade check: true = passes; false = it has filled `risk.denial`. Allocates nothing when it passes. */
export type Check = (risk: Risk, c: CheckContext) => boolean;
