import { cmp, columnGet, isZero, splitZero } from '../../base/split.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import { equalBaseline } from './equal-baseline.ts';
import { servedBy } from './rollout.ts';

/**
 * Whom a challenger is measured against: `champion` = the version of its slice that completed a ladder; `shadow` = a version of its slice on paper; `baseline` = a version
 * of its slice with the same capital as it, where there is none the shadow.
 */
export const baselineNames = ['champion', 'shadow', 'baseline'] as const;
export type BaselineName = (typeof baselineNames)[number];

export interface Baseline {
  readonly row: RowIx;
  readonly simulated: boolean;
}

const own = splitZero();
const other = splitZero();

/** The first such version in order of its row; undefined = there is none now. */
export function findBaseline(core: Core, row: RowIx, against: BaselineName): Baseline | undefined {
  switch (against) {
    case 'champion':
      return siblingOf(core, row, (one) => core.rollout.lifecycle[one] === 'Active', false);
    case 'shadow':
      return siblingOf(core, row, (one) => isShadow(core, one), true);
    case 'baseline': {
      const served = servedBy(core.rollout, row);
      if (served?.spec.baseline !== undefined) {
        const beside = equalBaseline(core, served);
        return beside === undefined ? undefined : { row: beside, simulated: false };
      }
      return siblingOf(core, row, (one) => hasSameCapital(core, row, one), false) ?? findBaseline(core, row, 'shadow');
    }
  }
}

function siblingOf(core: Core, row: RowIx, is: (row: RowIx) => boolean, simulated: boolean): Baseline | undefined {
  const { gate } = core;
  const found = gate.slices[gate.rows[row].slice].rows.find((one) => one !== row && !gate.rows[one].custodian && is(one));
  return found === undefined ? undefined : { row: found, simulated };
}

function isShadow({ rollout }: Core, row: RowIx): boolean {
  return rollout.lifecycle[row] === 'Shadow' || rollout.lifecycle[row] === 'Standby';
}

function hasSameCapital({ gate, rollout }: Core, row: RowIx, sibling: RowIx): boolean {
  if (rollout.lifecycle[sibling] !== 'Canary' && rollout.lifecycle[sibling] !== 'Active') return false;
  columnGet(own, gate.cap, row);
  columnGet(other, gate.cap, sibling);
  return !isZero(own) && cmp(own, other) === 0;
}
