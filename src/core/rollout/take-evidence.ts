import type { Micros } from '../../base/units.ts';
import type { RowIx, Seq } from '../../domain/ids.ts';
import { bettingFrom } from '../../quant/evidence/betting.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { isWatched, planEvidence } from './declare-evidence.ts';
import { judgeNext } from './deployment.ts';
import { isFresh } from './evidence.ts';
import { valueOf, type EvidenceRun } from './evidence-run.ts';
import { takePaired } from './paired-evidence.ts';
import { endInterval, nextBoundary, type ReturnTrack } from './return-track.ts';
import { rollBack } from './saga.ts';

/** Ends every interval that is due and bets on its datum; harm beyond its limit rolls the version back in this turn. */
export function takeEvidence(core: Core, seq: Seq, at: Micros, outcome: Outcome): void {
  const { evidenceAt, tracks } = core.rollout;
  if (evidenceAt === 0 || evidenceAt > at) return;
  tracks.forEach((track, ix) => {
    if (track.nextAt > at) return;
    if (isWatched(core, track)) takeInterval(core, track, ix, seq, at, outcome);
    else track.nextAt = nextBoundary(at, track.interval);
  });
  takePaired(core, at, outcome);
  planEvidence(core);
}

function takeInterval(core: Core, track: ReturnTrack, ix: number, seq: Seq, at: Micros, outcome: Outcome): void {
  const { row } = track;
  const { evidence, deployments, serving } = core.rollout;
  if (endInterval(core, track, isMeasured(core, row), at)) {
    for (const running of evidence) if (running.track === ix && track.lastFrom >= running.declaredAt) bet(running, track, outcome);
  }
  // who waits for evidence is judged on it at once
  const deployment = deployments[serving[row] ?? -1];
  if (deployment !== undefined && deployment.judgeAt > 0) judgeNext(deployment, at);
  for (const running of evidence) if (running.track === ix && running.side === 'harm') judgeHarm(core, running, seq, at, outcome);
}

function bet(running: EvidenceRun, track: ReturnTrack, outcome: Outcome): void {
  const betting = bettingFrom(running.state);
  betting.observe(track.lastDatum);
  running.state = betting.exportState();
  outcome.decisions.push({
    kind: 'evidenceTaken',
    row: track.row,
    side: running.side,
    terms: running.terms,
    datum: track.lastDatum,
    value: betting.value(),
    observations: running.state.observations,
    missing: track.missing,
  });
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
