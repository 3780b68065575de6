import type { Split } from '../../base/split.ts';
import type { Micros } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';

/** What a stage has reserved: the old version was decreased for it, and nobody else may take what becomes free. */
export interface Claim {
  readonly stage: number;
  readonly cap: Split;
  /** Row that gets as much with it: its baseline. -1 = none. */
  readonly beside: RowIx;
  /** Row that was decreased. */
  readonly from: RowIx;
  readonly at: Micros;
}
