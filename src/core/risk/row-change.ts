import { assert } from '../../base/assert.ts';
import { columnSet, type Split } from '../../base/split.ts';
import type { RowIx } from '../../domain/ids.ts';
import { gateModes, type GateMode } from '../../domain/rollout.ts';
import { assertCapital } from './capital.ts';
import {
  isOverCap,
  modeActive,
  modeCancelOnly,
  modeHalted,
  modeOf,
  modeReducing,
  modeSimulated,
  rowText,
  type OrderGate,
} from './order-gate.ts';

/** What to change of a row; what is left out stays. */
export interface RowChange {
  /** Must be larger than the present one (AUTH5). */
  readonly epoch?: number;
  readonly mode?: GateMode;
  readonly cap?: Split;
  readonly stage?: number;
  /** A person asked for it: the only way out of HALTED (AUTH6). */
  readonly byPerson?: boolean;
}

/** Changes a row. Breaking AUTH5, AUTH6, CAP1 or CAP4 is the caller's bug and throws; ask `capFits` before raising a cap. */
export function setRow(gate: OrderGate, row: RowIx, change: RowChange): void {
  if (change.epoch !== undefined) {
    assert(
      change.epoch > gate.epoch[row],
      `AUTH5: epoch of ${rowText(gate, row)} grows: expected above ${gate.epoch[row]}, was ${change.epoch}`,
    );
    gate.epoch[row] = change.epoch;
  }
  if (change.mode !== undefined) setMode(gate, row, change.mode, change.byPerson === true);
  if (change.stage !== undefined) gate.stage[row] = change.stage;
  if (change.cap !== undefined) {
    assert(change.cap.hi >= 0, `cap of ${rowText(gate, row)}: expected at least 0`);
    columnSet(gate.cap, row, change.cap);
  }
  if (change.cap !== undefined || change.mode !== undefined) {
    assertCapital(gate, gate.rows[row].slice);
    assert(
      mayExceedCap(gate.mode[row]) || !isOverCap(gate, row),
      `CAP4: ${rowText(gate, row)} uses more than its cap while ${modeOf(gate, row)}`,
    );
  }
}

function setMode(gate: OrderGate, row: RowIx, mode: GateMode, byPerson: boolean): void {
  const next = gateModes.indexOf(mode);
  assert(gate.mode[row] !== modeHalted || next === modeHalted || byPerson, `AUTH6: only a person lifts HALTED of ${rowText(gate, row)}`);
  const { custodian } = gate.rows[row];
  assert(
    !custodian || (next !== modeActive && next !== modeSimulated),
    `the custodian of ${gate.rows[row].sliceID} never expands: expected REDUCING, CANCEL_ONLY or HALTED, was ${mode}`,
  );
  gate.mode[row] = next;
}

/** Modes that let a row use more than its cap: none of them lets it grow. */
function mayExceedCap(mode: number): boolean {
  return mode === modeReducing || mode === modeCancelOnly || mode === modeHalted;
}
