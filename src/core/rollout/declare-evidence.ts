import { durationMicros } from '../../base/duration.ts';
import { columnGet, splitZero } from '../../base/split.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';
import { createBetting, type BettingSide } from '../../quant/evidence/betting.ts';
import type { Core } from '../core.ts';
import { rowTotalInto } from '../risk/pnl.ts';
import type { Deployment } from './deployment.ts';
import { edgeGatesOf, usualBets } from './edge-gates.ts';
import { findRun, termsOf, type EvidenceRun } from './evidence-run.ts';

/** Most processes of one desk's life. */
export const maxEvidenceRuns = 4_096;

/** Declares what the gates of a ladder and its harm limit need; processes that run on the same terms already go on. */
export function declareEvidence(core: Core, deployment: Deployment, at: Micros): void {
  const { spec, row } = deployment;
  const { stressLossPerInterval: stress } = spec.expect;
  if (spec.strategy !== 'Canary' || stress === null) return;
  const interval = durationMicros(spec.expect.interval);
  const ordinal = nextOrdinal(core, row);
  for (const { grid, nullMean } of edgeGatesOf(spec)) declare(core, row, 'edge', grid, nullMean, stress, interval, ordinal, at);
  if (spec.rollbackThresholds.harmE !== null) declare(core, row, 'harm', usualBets(stress), 0, stress, interval, ordinal, at);
  planEvidence(core);
}

function declare(
  core: Core,
  row: RowIx,
  side: BettingSide,
  grid: readonly number[],
  nullMean: number,
  stress: number,
  interval: number,
  ordinal: number,
  at: Micros,
): void {
  const { evidence } = core.rollout;
  const terms = termsOf(side, grid, nullMean, stress, interval);
  if (findRun(core.rollout, row, terms) !== undefined || evidence.length >= maxEvidenceRuns) return;
  const betting = createBetting({ side, nullMean, grid, stressMove: stress });
  // bets beyond the stress loss were refused when the spec arrived
  if (!betting.ok) return;
  evidence.push({
    row,
    side,
    terms,
    ordinal,
    interval,
    nextAt: nextBoundary(at, interval),
    pnlAtStart: splitZero(),
    capAtStart: splitZero(),
    missing: 0,
    state: betting.value.exportState(),
  });
  beginInterval(core, evidence[evidence.length - 1]);
}

/** Declarations of the algorithm so far, and this one: other terms for the same version are one more chance, as another version is. */
function nextOrdinal({ gate, rollout }: Core, row: RowIx): number {
  const algorithm = (ix: RowIx): number => gate.slices[gate.rows[ix].slice].algorithm;
  let last = 0;
  for (const running of rollout.evidence) if (algorithm(running.row) === algorithm(row)) last = Math.max(last, running.ordinal);
  return last + 1;
}

/** Boundaries lie at multiples of the interval, so that versions are measured over the same ones. */
export function nextBoundary(at: Micros, interval: number): Micros {
  return microsUnchecked((Math.floor(at / interval) + 1) * interval);
}

export function beginInterval(core: Core, running: EvidenceRun): void {
  rowTotalInto(running.pnlAtStart, core.risk.pnl, running.row, false);
  columnGet(running.capAtStart, core.gate.cap, running.row);
}

/** When the next datum falls due. */
export function planEvidence(core: Core): void {
  let next = Infinity;
  for (const { nextAt, row } of core.rollout.evidence) if (isWatched(core, row)) next = Math.min(next, nextAt);
  core.rollout.evidenceAt = next === Infinity ? microsUnchecked(0) : microsUnchecked(next);
}

/** A version that people must lift first gives no data. */
export function isWatched(core: Core, row: RowIx): boolean {
  const lifecycle = core.rollout.lifecycle[row];
  return lifecycle === 'Canary' || lifecycle === 'Active';
}
