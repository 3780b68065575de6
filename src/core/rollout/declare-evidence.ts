import { durationMicros } from '../../base/duration.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { createBetting, type BettingSide } from '../../quant/evidence/betting.ts';
import type { Core } from '../core.ts';
import type { Deployment } from './deployment.ts';
import { edgeGatesOf, usualBets } from './edge-gates.ts';
import { findRun, termsOf } from './evidence-run.ts';
import { beginTrack, type ReturnTrack } from './return-track.ts';

/** Most processes of one desk's life. */
export const maxEvidenceRuns = 4_096;

/** Why a ladder without room for its evidence does not begin. */
export const noRoom = `no room: a desk keeps at most ${maxEvidenceRuns} processes of evidence, and as many tracks of returns`;

/** What is declared of one process before its first datum. */
interface Declaration {
  readonly side: BettingSide;
  readonly grid: readonly number[];
  readonly nullMean: number;
}

/**
 * Declares what the gates of a ladder and its harm limit need; processes that run on the same terms already go on.
 * @returns false = there is no room, and nothing was declared.
 */
export function declareEvidence(core: Core, deployment: Deployment, at: Micros): boolean {
  const { spec, row } = deployment;
  const { stressLossPerInterval: stress } = spec.expect;
  if (!hasRoom(core, spec, row)) return false;
  const interval = durationMicros(spec.expect.interval);
  const track = beginTrack(core, row, false, interval, at);
  if (track < 0) return false;
  if (stress === null) return true;
  const ordinal = nextOrdinal(core, row);
  for (const wanted of declarationsOf(spec)) declare(core, row, wanted, stress, interval, ordinal, track, at);
  planEvidence(core);
  return true;
}

/** Whether every process that a spec still lacks finds a place. */
export function hasRoom(core: Core, spec: DeploymentSpec, row: RowIx | undefined): boolean {
  const { evidence } = core.rollout;
  const { stressLossPerInterval: stress } = spec.expect;
  if (stress === null) return true;
  const interval = durationMicros(spec.expect.interval);
  const missing = declarationsOf(spec).filter(
    ({ side, grid, nullMean }) =>
      row === undefined || findRun(core.rollout, row, termsOf(side, grid, nullMean, stress, interval)) === undefined,
  );
  return evidence.length + missing.length <= maxEvidenceRuns;
}

function declarationsOf(spec: DeploymentSpec): readonly Declaration[] {
  const { stressLossPerInterval: stress } = spec.expect;
  if (stress === null) return [];
  const edges = edgeGatesOf(spec).map(({ grid, nullMean }): Declaration => ({ side: 'edge', grid, nullMean }));
  return spec.rollbackThresholds.harmE === null ? edges : [...edges, { side: 'harm', grid: usualBets(stress), nullMean: 0 }];
}

function declare(
  core: Core,
  row: RowIx,
  { side, grid, nullMean }: Declaration,
  stress: number,
  interval: number,
  ordinal: number,
  track: number,
  at: Micros,
): void {
  const terms = termsOf(side, grid, nullMean, stress, interval);
  if (findRun(core.rollout, row, terms) !== undefined) return;
  const betting = createBetting({ side, nullMean, grid, stressMove: stress });
  // bets beyond the stress loss were refused when the spec arrived
  if (!betting.ok) return;
  core.rollout.evidence.push({ row, side, terms, ordinal, track, declaredAt: at, state: betting.value.exportState() });
}

/** Declarations of the algorithm so far, and this one: other terms for the same version are one more chance, as another version is. */
function nextOrdinal({ gate, rollout }: Core, row: RowIx): number {
  const algorithm = (ix: RowIx): number => gate.slices[gate.rows[ix].slice].algorithm;
  let last = 0;
  for (const running of rollout.evidence) if (algorithm(running.row) === algorithm(row)) last = Math.max(last, running.ordinal);
  return last + 1;
}

/** When the next datum falls due. */
export function planEvidence(core: Core): void {
  let next = Infinity;
  for (const track of core.rollout.tracks) if (isWatched(core, track)) next = Math.min(next, track.nextAt);
  core.rollout.evidenceAt = microsUnchecked(next === Infinity ? 0 : next);
}

/** A version that people must lift first gives no data; nor does a paper run that is over. */
export function isWatched(core: Core, { row, simulated }: ReturnTrack): boolean {
  const lifecycle = core.rollout.lifecycle[row];
  return simulated ? lifecycle === 'Shadow' || lifecycle === 'Standby' : lifecycle === 'Canary' || lifecycle === 'Active';
}
