import { durationMicros } from '../../base/duration.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { createBetting, type BettingSide } from '../../quant/evidence/betting.ts';
import type { Core } from '../core.ts';
import type { Deployment } from './deployment.ts';
import { edgeGatesOf, usualBets } from './edge-gates.ts';
import { findRun, termsOf } from './evidence-run.ts';
import { declarePaired, maxPairedRuns, pairedGatesOf } from './paired-evidence.ts';
import { declareSlippage, maxSlippageRuns, slippageGatesOf } from './slippage-model.ts';
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
 * Declares what the gates of a ladder, its harm limit and its confidence need; processes that run on the same terms already go on. `simulated`: for its time on paper.
 * @returns false = there is no room, and nothing was declared.
 */
export function declareEvidence(core: Core, deployment: Deployment, simulated: boolean, at: Micros): boolean {
  const { spec, row } = deployment;
  const { stressLossPerInterval: stress } = spec.expect;
  if (!hasRoom(core, spec, row)) return false;
  const interval = durationMicros(spec.expect.interval);
  const track = beginTrack(core, row, simulated, interval, at);
  if (track < 0 || (!simulated && !(declarePaired(core, deployment, at) && declareSlippage(core, deployment, at)))) return false;
  const ordinal = nextOrdinal(core, row, simulated);
  for (const wanted of declarationsOf(spec, simulated)) declare(core, row, wanted, stress ?? 1, interval, simulated, ordinal, track, at);
  planEvidence(core);
  return true;
}

/** Whether every process that a spec still lacks finds a place. */
export function hasRoom(core: Core, spec: DeploymentSpec, row: RowIx | undefined): boolean {
  const { evidence } = core.rollout;
  const stress = spec.expect.stressLossPerInterval ?? 1;
  const interval = durationMicros(spec.expect.interval);
  let missing = 0;
  for (const simulated of [false, true]) {
    for (const { side, grid, nullMean } of declarationsOf(spec, simulated)) {
      const terms = termsOf(side, grid, nullMean, stress, interval, simulated);
      if (row === undefined || findRun(core.rollout, row, terms) === undefined) missing++;
    }
  }
  const { paired, slippage } = core.rollout;
  return (
    evidence.length + missing <= maxEvidenceRuns &&
    paired.length + pairedGatesOf(spec).length <= maxPairedRuns &&
    slippage.length + slippageGatesOf(spec).length <= maxSlippageRuns
  );
}

/** What must be declared, each once; nothing where the tail is unknown. */
function declarationsOf(spec: DeploymentSpec, simulated: boolean): readonly Declaration[] {
  const { stressLossPerInterval: stress } = spec.expect;
  if (stress === null) return [];
  const score: Declaration = { side: 'edge', grid: usualBets(stress), nullMean: 0 };
  const scored = spec.progressive?.score === 'evidence' ? [score] : [];
  if (simulated) return scored;
  const edges = edgeGatesOf(spec).map(({ grid, nullMean }): Declaration => ({ side: 'edge', grid, nullMean }));
  const harm: Declaration = { side: 'harm', grid: usualBets(stress), nullMean: 0 };
  return [...scored, ...edges, ...(spec.rollbackThresholds.harmE === null ? [] : [harm])];
}

function declare(
  core: Core,
  row: RowIx,
  { side, grid, nullMean }: Declaration,
  stress: number,
  interval: number,
  simulated: boolean,
  ordinal: number,
  track: number,
  at: Micros,
): void {
  const terms = termsOf(side, grid, nullMean, stress, interval, simulated);
  if (findRun(core.rollout, row, terms) !== undefined) return;
  const betting = createBetting({ side, nullMean, grid, stressMove: stress });
  // bets beyond the stress loss were refused when the spec arrived
  if (!betting.ok) return;
  core.rollout.evidence.push({ row, side, terms, ordinal, track, declaredAt: at, state: betting.value.exportState() });
}

/**
 * Declarations of the algorithm so far, and this one: other terms for the same version are one more chance, as another version is. What was declared for paper is no
 * chance at capital, and is counted by itself.
 */
function nextOrdinal({ gate, rollout }: Core, row: RowIx, simulated: boolean): number {
  const algorithm = (ix: RowIx): number => gate.slices[gate.rows[ix].slice].algorithm;
  let last = 0;
  for (const { row: other, track, ordinal } of rollout.evidence)
    if (algorithm(other) === algorithm(row) && rollout.tracks[track].simulated === simulated) last = Math.max(last, ordinal);
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
