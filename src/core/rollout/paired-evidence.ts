import { canonicalJson } from '../../base/canonical.ts';
import { durationMicros } from '../../base/duration.ts';
import type { Micros } from '../../base/units.ts';
import type { DeploymentSpec, GateSpec } from '../../domain/spec.ts';
import type { RowIx } from '../../domain/ids.ts';
import { minEOfVersion } from '../../quant/evidence/alpha-spending.ts';
import { bettingFrom, createBetting, type BettingState } from '../../quant/evidence/betting.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { findBaseline, type BaselineName } from './baseline.ts';
import type { Deployment } from './deployment.ts';
import { equalBaseline } from './equal-baseline.ts';
import { servedBy } from './rollout.ts';
import { againstOf, numberOf, pairedStress, wantedE } from './gate-terms.ts';
import type { Judgment } from './judgment.ts';
import { beginTrack } from './return-track.ts';
import { shortfallsOf } from './shortfalls.ts';
import { shownE } from './shown-e.ts';

/**
 * A challenger against a baseline over the same intervals: an e-process on the differences of their data, better = positive, that refutes "worse by the margin or
 * more". Declared with its ladder; the baseline is the first that is there, and stays.
 */
export interface PairedRun {
  readonly row: RowIx;
  readonly terms: string;
  readonly metric: string;
  readonly against: BaselineName;
  readonly interval: number;
  readonly track: number;
  readonly declaredAt: Micros;
  /** The how-manyeth challenge of its slice, from 1: it has that share of their alpha. */
  readonly ordinal: number;
  /** Row and track of the baseline; -1 = none was there yet. */
  baseRow: RowIx;
  baseSimulated: boolean;
  baseTrack: number;
  /** Fills and sums of shortfalls when the interval under way began: the challenger's, the baseline's. */
  readonly before: [number, number, number, number];
  state: BettingState;
}

/** Most challenges of one desk's life. */
export const maxPairedRuns = 1_024;

/** Bets as shares of the largest that the stress cannot ruin. */
const shares = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1];

function pairedTerms(
  spec: DeploymentSpec,
  gate: GateSpec,
): { readonly terms: string; readonly grid: readonly number[]; readonly stress: number; readonly margin: number } {
  const stress = pairedStress(gate, spec.expect.stressLossPerInterval);
  const margin = numberOf(gate, 'margin', 0);
  const { grid: named } = gate.parameters;
  const grid = Array.isArray(named) ? named.map(Number) : shares.map((share) => share / stress);
  const interval = durationMicros(spec.expect.interval);
  const terms = canonicalJson({ metric: gate.metric, side: 'paired', against: againstOf(gate), grid: [...grid], margin, stress, interval });
  return { terms, grid, stress, margin };
}

/** Whether the largest difference of one interval is declared: it bounds the bets. */
function hasTail(spec: DeploymentSpec, gate: GateSpec): boolean {
  return pairedStress(gate, spec.expect.stressLossPerInterval) > 0;
}

/** Gates of a ladder that are judged against a baseline. */
export function pairedGatesOf(spec: DeploymentSpec): readonly GateSpec[] {
  const named = new Set(spec.stages.flatMap((stage) => stage.entryGates));
  return spec.gates.filter((gate) => gate.test === 'pairedE' && named.has(gate.name) && hasTail(spec, gate));
}

/** Declares what a ladder lacks of its challenges. @returns false = there is no room. */
export function declarePaired(core: Core, { spec, row }: Deployment, at: Micros): boolean {
  const { paired } = core.rollout;
  const slice = core.gate.rows[row].slice;
  for (const gate of pairedGatesOf(spec)) {
    const { terms, grid, stress, margin } = pairedTerms(spec, gate);
    if (findPaired(core, row, terms) !== undefined) continue;
    if (paired.length >= maxPairedRuns) return false;
    const betting = createBetting({ side: 'edge', nullMean: -margin, grid, stressMove: stress });
    if (!betting.ok) continue;
    const interval = durationMicros(spec.expect.interval);
    const track = beginTrack(core, row, false, interval, at);
    if (track < 0) return false;
    const ordinal = 1 + paired.filter((one) => core.gate.rows[one.row].slice === slice).length;
    paired.push({
      row,
      terms,
      metric: gate.metric,
      against: againstOf(gate),
      interval,
      track,
      declaredAt: at,
      ordinal,
      baseRow: -1,
      baseSimulated: false,
      baseTrack: -1,
      before: [0, 0, 0, 0],
      state: betting.value.exportState(),
    });
  }
  return true;
}

function findPaired(core: Core, row: RowIx, terms: string): PairedRun | undefined {
  return core.rollout.paired.find((one) => one.row === row && one.terms === terms);
}

/** After the intervals that ended now: every challenge whose two sides have a datum of the same interval bets on their difference. */
export function takePaired(core: Core, at: Micros, outcome: Outcome): void {
  for (const run of core.rollout.paired) {
    const own = core.rollout.tracks[run.track];
    if (own.lastAt !== at) continue;
    const base = core.rollout.tracks[run.baseTrack];
    if (base === undefined) meet(core, run, at);
    else if (base.lastAt === at && base.lastFrom === own.lastFrom && own.lastFrom >= run.declaredAt && isStillEqual(core, run)) {
      const difference = run.metric === 'netReturn' ? own.lastDatum - base.lastDatum : shortfallDifference(core, run);
      if (!Number.isNaN(difference)) bet(run, difference, own.missing, outcome);
    }
    noteShortfalls(core, run);
  }
}

/** An instance that was begun to be of equal capital is measured against while it is. */
function isStillEqual(core: Core, { row, baseRow, against }: PairedRun): boolean {
  const served = servedBy(core.rollout, row);
  return against !== 'baseline' || served?.spec.baseline === undefined || equalBaseline(core, served) === baseRow;
}

/** The baseline is chosen once, before the first datum. */
function meet(core: Core, run: PairedRun, at: Micros): void {
  const baseline = findBaseline(core, run.row, run.against);
  if (baseline === undefined) return;
  run.baseRow = baseline.row;
  run.baseSimulated = baseline.simulated;
  run.baseTrack = beginTrack(core, baseline.row, baseline.simulated, run.interval, at);
}

function noteShortfalls(core: Core, run: PairedRun): void {
  const own = shortfallsOf(core, run.row, false);
  const base = shortfallsOf(core, run.baseRow, run.baseSimulated);
  run.before[0] = own.fills;
  run.before[1] = own.sum;
  run.before[2] = base.fills;
  run.before[3] = base.sum;
}

/** By how much less the challenger's fills cost on average, bps; NaN where one of them had none in the interval. */
function shortfallDifference(core: Core, { row, baseRow, baseSimulated, before }: PairedRun): number {
  const own = shortfallsOf(core, row, false);
  const base = shortfallsOf(core, baseRow, baseSimulated);
  if (own.fills === before[0] || base.fills === before[2]) return NaN;
  return (base.sum - before[3]) / (base.fills - before[2]) - (own.sum - before[1]) / (own.fills - before[0]);
}

function bet(run: PairedRun, datum: number, missing: number, outcome: Outcome): void {
  const betting = bettingFrom(run.state);
  betting.observe(datum);
  run.state = betting.exportState();
  const { row, terms } = run;
  const { observations } = run.state;
  outcome.decisions.push({ kind: 'evidenceTaken', row, side: 'paired', terms, datum, value: betting.value(), observations, missing });
}

/** Judges a challenge: it passes or is inconclusive. */
export function judgePaired(core: Core, { row, spec }: Deployment, gate: GateSpec): Judgment {
  const minE = wantedE(gate, NaN);
  const open = (text: string): Judgment => ({ gate: gate.name, verdict: 'inconclusive', value: NaN, limit: minE, text });
  if (!hasTail(spec, gate))
    return open(`unbounded tail: stress, the largest difference of one interval in ${gate.metric}, is not declared`);
  const run = findPaired(core, row, pairedTerms(spec, gate).terms);
  if (run === undefined) return open('its challenge is not declared yet');
  if (run.baseTrack < 0) return open(`there is no ${run.against} to be measured against`);
  const { observations, beyondStress } = run.state;
  const baseline = `${core.gate.rows[run.baseRow].version}${run.baseSimulated ? ' on paper' : ''}`;
  if (observations === 0) return open(`no interval yet in which it and ${baseline} were both measured`);
  if (beyondStress > 0)
    return open(`${beyondStress} of ${observations} differences passed the declared stress: the bound was wrong, this is no evidence`);
  const limit = minEOfVersion(minE, run.ordinal);
  const value = bettingFrom(run.state).value();
  const text = `e = ${shownE(value)} of ${shownE(limit)} (minE ${minE} as challenge ${run.ordinal} of its slice) that ${gate.metric} is not worse than that of ${baseline} by ${numberOf(gate, 'margin', 0)}, after ${observations} intervals`;
  return { gate: gate.name, verdict: value >= limit ? 'pass' : 'inconclusive', value, limit, text };
}
