import { columnGet, isZero, splitZero } from '../../base/split.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { modeOf, setPaperCap } from '../risk/order-gate.ts';
import type { Deployment } from './deployment.ts';
import { changeRow } from './rows.ts';
import { coreActor, setLifecycle } from './rollout.ts';
import { addStandby, firstSync, standbyFor, type Standby } from './standby.ts';
import { openOrdersOf } from './swap-commit.ts';
import { workingMode } from './working-mode.ts';

const cap = splitZero();

/**
 * A stage has been granted for which an older version was decreased. One that has no capital left any more is no active version: it works off what it holds, then stands by,
 * in sync, until the rollback window of its successor is over (rollout.md 1, version lifecycle).
 */
export function giveWay(core: Core, deployment: Deployment, from: RowIx, at: Micros, outcome: Outcome): void {
  const { gate, rollout } = core;
  columnGet(cap, gate.cap, from);
  if (rollout.lifecycle[from] !== 'Active' || !isZero(cap) || deployment.took === null) return;
  const { slice, version } = gate.rows[deployment.row];
  const none = microsUnchecked(0);
  addStandby(core, {
    slice,
    row: from,
    successor: deployment.row,
    deployment: deployment.ix,
    cap: deployment.took.cap,
    takenAt: none,
    eventSeq: 0,
  });
  const standby = standbyFor(core, deployment.row);
  if (standby?.row !== from) return;
  standby.byStage = true;
  standby.step = 'draining';
  standby.nextAt = none;
  const reason = `${version} has all of its capital`;
  const widest = workingMode(core, from, false);
  changeRow(core, from, { mode: widest === 'ACTIVE' ? 'REDUCING' : widest }, coreActor, `${reason}: works off what it holds`, outcome);
  setLifecycle(rollout, gate, from, 'Draining', reason, outcome);
  standAside(core, standby, at, outcome);
}

/** What it held is gone: it goes on with the simulator. Late fills of its orders are the custodian's. */
function standAside(core: Core, standby: Standby, at: Micros, outcome: Outcome): void {
  const { gate, rollout } = core;
  const { row, successor } = standby;
  if (core.residualLots(row) !== 0 || openOrdersOf(core, row).length > 0) return;
  const epoch = gate.epoch[row] + 1;
  const reason = `stands by for ${gate.rows[successor].version}`;
  rollout.custodyEpoch[row] = epoch;
  changeRow(core, row, { mode: workingMode(core, row, true), epoch }, coreActor, reason, outcome);
  outcome.effects.push({ kind: 'fence', reducing: true, row, epoch });
  setPaperCap(gate, row, standby.cap);
  setLifecycle(rollout, gate, row, 'Standby', reason, outcome);
  standby.step = 'standing';
  standby.nextAt = microsUnchecked(at + firstSync);
  outcome.effects.push({
    kind: 'authority',
    reducing: false,
    row,
    epoch,
    capital: core.capitalOf(row),
    trading: modeOf(gate, row) === 'SIMULATED',
  });
}

/** After a report: whoever works off its last lots stands by when they are gone. */
export function continueGivingWay(core: Core, at: Micros, outcome: Outcome): void {
  const { openStandbys, standbys, lifecycle } = core.rollout;
  for (const ix of [...openStandbys]) {
    const standby = standbys[ix];
    if (standby.step === 'draining' && lifecycle[standby.row] === 'Draining') standAside(core, standby, at, outcome);
  }
}
