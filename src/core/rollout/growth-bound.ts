import { cmp, setInto, type Split } from '../../base/split.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { Core } from '../core.ts';

/** A version that took over grows into what its predecessor frees; once its cap was lowered to this, by people or for another stage, it grows no further by itself. */
export function boundGrowth({ rollout }: Core, row: RowIx, cap: Split): void {
  for (const ix of rollout.openSwaps) {
    const { to, wanted } = rollout.swaps[ix];
    if (to === row && cmp(cap, wanted) < 0) setInto(wanted, cap);
  }
}
