import { isZero } from '../../../base/split.ts';
import { microUp } from '../firm-money.ts';
import type { CheckContext } from '../check-context.ts';
import { modeActive, modeCancelOnly, modeHalted, modeReducing, modeSimulated } from '../order-gate.ts';
import type { Risk } from '../risk.ts';
import { killableScopes, versionScope } from '../scopes.ts';
import { deny } from '../verdict.ts';

/** May this row send anything now (AUTH1): kill latch, term, epoch, mode, overdraft of its slice. */
export function authority(risk: Risk, c: CheckContext): boolean {
  const { gate } = risk;
  const { row, epoch, term } = c.asker;
  if (risk.killed) return deny(risk, 'KILL_SWITCH_ENGAGED', 1, 0);
  if (risk.scopesKilled > 0 && isKilled(risk, c)) return false;
  if (term !== risk.term) return deny(risk, 'STALE_TERM', term, risk.term);
  if (epoch !== gate.epoch[row]) return deny(risk, 'STALE_EPOCH', epoch, gate.epoch[row], versionScope, row);
  if (!modePermits(risk, c, gate.mode[row])) return false;
  const slice = gate.slices[gate.rows[row].slice];
  if (c.reducing || c.asker.simulated || isZero(slice.overdraft)) return true;
  return deny(risk, 'SLICE_OVERDRAWN', microUp(slice.overdraft, risk.registry.currencies[slice.currency].exponent), 0);
}

/** A latch of the kill switch that holds the order's account, algorithm or venue. */
function isKilled(risk: Risk, c: CheckContext): boolean {
  for (const scope of killableScopes) {
    const ix = c.scopeIx[scope];
    if (!risk.scopeKills[scope].has(ix)) continue;
    deny(risk, 'KILL_SWITCH_ENGAGED', 1, 0, scope, ix);
    return true;
  }
  return false;
}

function modePermits(risk: Risk, c: CheckContext, mode: number): boolean {
  const { row, simulated } = c.asker;
  switch (mode) {
    case modeHalted:
      return deny(risk, 'VERSION_HALTED', 1, 0, versionScope, row);
    case modeCancelOnly:
      return deny(risk, 'MODE_CANCEL_ONLY', 1, 0, versionScope, row);
    case modeSimulated:
      return simulated || deny(risk, 'MODE_SIMULATED_ONLY', 1, 0, versionScope, row);
    case modeReducing:
      return (c.reducing && !simulated) || deny(risk, 'MODE_REDUCING_ONLY', c.leaves, c.closable, versionScope, row);
    case modeActive:
      return !simulated || deny(risk, 'MODE_SIMULATED_ONLY', 0, 1, versionScope, row);
    default:
      throw new RangeError(`mode: expected 0…4, was ${mode}`);
  }
}

/** Who may cancel an order of `owner`: the row itself in any mode and epoch, and a custodian in its slice. A cancel needs no other check. */
export function mayCancel(risk: Risk, row: number, owner: number): boolean {
  const { rows } = risk.gate;
  return row === owner || (rows[row].custodian && rows[row].slice === rows[owner].slice);
}
