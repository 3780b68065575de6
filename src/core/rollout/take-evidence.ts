import { cmp, columnGet, setInto, splitZero, subInto, toNumber } from '../../base/split.ts';
import type { Micros } from '../../base/units.ts';
import type { RowIx, Seq } from '../../domain/ids.ts';
import { bettingFrom } from '../../quant/evidence/betting.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { rowTotalInto } from '../risk/pnl.ts';
import { beginInterval, isWatched, nextBoundary, planEvidence } from './declare-evidence.ts';
import { isFresh } from './evidence.ts';
import { valueOf, type EvidenceRun } from './evidence-run.ts';
import { rollBack } from './saga.ts';

const noRuns: readonly EvidenceRun[] = [];

/**
 * Takes every datum that is due; harm beyond its limit rolls the version back in this turn.
 * @returns the processes whose next interval begins now, for `seeGrants`.
 */
export function takeEvidence(core: Core, seq: Seq, at: Micros, outcome: Outcome): readonly EvidenceRun[] {
  const { evidenceAt, evidence } = core.rollout;
  if (evidenceAt === 0 || evidenceAt > at) return noRuns;
  const begun: EvidenceRun[] = [];
  for (const running of evidence) {
    if (running.nextAt > at) continue;
    if (isWatched(core, running.row) && takeDatum(core, running, seq, at, outcome)) begun.push(running);
    running.nextAt = nextBoundary(at, running.interval);
  }
  planEvidence(core);
  return begun;
}

const capNow = splitZero();

/** Capital that the datum brought in the same turn is there when the next interval begins. */
export function seeGrants(core: Core, begun: readonly EvidenceRun[]): void {
  for (const { row, capAtStart } of begun) {
    columnGet(capNow, core.gate.cap, row);
    if (cmp(capNow, capAtStart) > 0) setInto(capAtStart, capNow);
  }
}

const pnlNow = splitZero();

/** @returns whether the next interval begins now. */
function takeDatum(core: Core, running: EvidenceRun, seq: Seq, at: Micros, outcome: Outcome): boolean {
  const { row } = running;
  const cap = toNumber(running.capAtStart);
  if (cap > 0 && !isMeasured(core, row)) {
    // the next datum carries what happened meanwhile: a loss in the dark is not forgotten
    running.missing++;
    return false;
  }
  if (cap > 0) {
    rowTotalInto(pnlNow, core.risk.pnl, row, false);
    subInto(pnlNow, pnlNow, running.pnlAtStart);
    const datum = toNumber(pnlNow) / cap;
    const betting = bettingFrom(running.state);
    betting.observe(datum);
    running.state = betting.exportState();
    outcome.decisions.push({
      kind: 'evidenceTaken',
      row,
      side: running.side,
      terms: running.terms,
      datum,
      value: betting.value(),
      observations: running.state.observations,
      missing: running.missing,
    });
  }
  if (cap > 0) beginInterval(core, running);
  // capital that came in mid-interval gives no datum of its own: what it made since then counts in the first one
  else columnGet(running.capAtStart, core.gate.cap, row);
  // who waits for evidence is judged on it at once
  const deployment = core.rollout.deployments[core.rollout.serving[row] ?? -1];
  if (deployment !== undefined && deployment.judgeAt > 0) deployment.judgeAt = at;
  if (running.side === 'harm') judgeHarm(core, running, seq, at, outcome);
  return true;
}

/** Marks are fresh and, on a market clock, the session is open: anything else is a missing number, not a zero. */
function isMeasured(core: Core, row: RowIx): boolean {
  const deployment = core.rollout.deployments[core.rollout.serving[row] ?? -1];
  if (deployment === undefined || !isFresh(core, row) || core.staleRows.has(row)) return false;
  const { clock } = deployment.spec;
  return clock.kind === 'wall' || core.isOpen(clock.calendar);
}

function judgeHarm(core: Core, running: EvidenceRun, seq: Seq, at: Micros, outcome: Outcome): void {
  const { row } = running;
  const deployment = core.rollout.deployments[core.rollout.serving[row] ?? -1];
  const limit = deployment?.spec.rollbackThresholds.harmE ?? null;
  const value = valueOf(running);
  if (limit === null || value < limit) return;
  const text = `evidence of harm, e = ${value.toFixed(1)} of ${limit} after ${running.state.observations} data`;
  rollBack(core, row, { rule: 'harm', class: 'lossLimit', value, limit, text, actor: 'core' }, seq, at, outcome);
}
