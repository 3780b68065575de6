import { durationMicros } from '../../base/duration.ts';
import type { DeploymentSpec, GateSpec, Stage } from '../../domain/spec.ts';
import type { RowIx } from '../../domain/ids.ts';
import { minEOfVersion } from '../../quant/evidence/alpha-spending.ts';
import type { Core } from '../core.ts';
import { findRun, termsOf, valueOf } from './evidence-run.ts';
import type { Judgment } from './judgment.ts';
import { shownE } from './shown-e.ts';

/** Evidence of edge that a stage asks for before its capital is granted. */
export interface EdgeGate {
  readonly name: string;
  readonly grid: readonly number[];
  readonly nullMean: number;
  /** 1 / alpha of all versions of the algorithm together: the k-th has to show pi^2 k^2 / 6 times as much. */
  readonly minE: number;
}

/** Bets of a gate that names none, and of the harm process (rollout.md 2). */
const usualGrid = [1, 2, 4, 8, 16, 32];

/** Allocation past which a spec without entry gates gets its profile's: E >= 2 at 25 %, 5 at 50 %, 20 at 100 % (decision 37). */
const profileGates = [
  { above: 5_000, minE: 20 },
  { above: 2_500, minE: 5 },
  { above: 1_000, minE: 2 },
] as const;

/** The usual bets, as far as the stress move cannot ruin them. */
export function usualBets(stress: number): readonly number[] {
  const usable = usualGrid.filter((bet) => bet * stress <= 1);
  return usable.length > 0 ? usable : [1 / stress];
}

/** A declared gate as evidence of edge; undefined = it is another test. */
export function edgeGateOf(gate: GateSpec, stress: number): EdgeGate | undefined {
  if (gate.metric !== 'netReturn' || gate.test !== 'bettingE') return undefined;
  const { grid, minE, alpha, m0 } = gate.parameters;
  const wanted = typeof minE === 'number' ? minE : typeof alpha === 'number' && alpha > 0 ? 1 / alpha : NaN;
  return {
    name: gate.name,
    grid: Array.isArray(grid) ? grid.map(Number) : usualBets(stress),
    nullMean: typeof m0 === 'number' ? m0 : 0,
    minE: wanted,
  };
}

/** The e-value that the profile asks for before a stage; undefined = none. */
function profileE(stage: Stage): number | undefined {
  return profileGates.find(({ above }) => stage.allocation > above)?.minE;
}

/**
 * Evidence of edge that a stage asks for: what it declares, never less than its profile's; the profile's own gate where it declares none. Where the tail is unknown
 * the bets are placed for a loss of everything: `judgeEdge` then says so.
 */
export function edgeGatesBefore(spec: DeploymentSpec, stage: Stage): readonly EdgeGate[] {
  const stress = spec.expect.stressLossPerInterval ?? 1;
  const profile = profileE(stage);
  const declared = declaredBefore(spec, stage, stress);
  if (profile === undefined) return declared;
  if (declared.length === 0) return [{ name: `edge-${profile}`, grid: usualBets(stress), nullMean: 0, minE: profile }];
  return declared.map((gate) => ({ ...gate, minE: gate.minE < profile ? profile : gate.minE }));
}

function declaredBefore(spec: DeploymentSpec, stage: Stage, stress: number): readonly EdgeGate[] {
  const named = spec.gates.filter((gate) => stage.entryGates.includes(gate.name));
  return named.map((gate) => edgeGateOf(gate, stress)).filter((gate) => gate !== undefined);
}

/** Every gate of edge that a ladder can come to, for their declaration; none where the tail is unknown. */
export function edgeGatesOf(spec: DeploymentSpec): readonly EdgeGate[] {
  return spec.expect.stressLossPerInterval === null ? [] : spec.stages.flatMap((stage) => edgeGatesBefore(spec, stage));
}

/** Why a spec's bets cannot be placed; undefined = they can. */
export function refuseBets(spec: DeploymentSpec): string | undefined {
  const { stressLossPerInterval: stress } = spec.expect;
  if (stress === null)
    return spec.progressive?.score === 'evidence'
      ? 'confidence evidence: expected expect.stressLossPerInterval, which bounds its bets, was nothing'
      : undefined;
  for (const { name, grid, nullMean, minE } of spec.stages.flatMap((stage) => declaredBefore(spec, stage, stress))) {
    const largest = 1 / (stress + Math.max(0, nullMean));
    const bet = grid.find((one) => !(one > 0 && one <= largest));
    if (grid.length === 0 || grid.length > 64) return `gate ${name}: expected 1…64 bets, was ${grid.length}`;
    if (bet !== undefined) return `gate ${name}: expected bets above 0 and at most ${largest} (1 / stressLossPerInterval), was ${bet}`;
    // a null below 0 would be refuted by an algorithm without any edge
    if (!(nullMean >= 0)) return `gate ${name}: expected m0 of at least 0, was ${nullMean}`;
    if (!(minE > 1)) return `gate ${name}: expected minE above 1, or alpha between 0 and 1`;
  }
  return undefined;
}

/** Judges one gate of edge. It passes or is inconclusive, never fails: absence of evidence is no evidence of absence. */
export function judgeEdge(core: Core, row: RowIx, spec: DeploymentSpec, gate: EdgeGate): Judgment {
  const { stressLossPerInterval: stress } = spec.expect;
  const open = (text: string, value = NaN): Judgment => ({ gate: gate.name, verdict: 'inconclusive', value, limit: gate.minE, text });
  if (stress === null) return open('unbounded tail: expect.stressLossPerInterval is not declared');
  const interval = durationMicros(spec.expect.interval);
  const running = findRun(core.rollout, row, termsOf('edge', gate.grid, gate.nullMean, stress, interval));
  if (running === undefined || running.state.observations === 0) return open('no datum of its returns yet');
  const value = valueOf(running);
  const { observations, beyondStress } = running.state;
  if (beyondStress > 0)
    return open(
      `${beyondStress} of ${observations} returns passed the declared stress loss: the bound was wrong, this is no evidence`,
      value,
    );
  const { ordinal } = running;
  // many versions are no new chances: they share one alpha (rollout.md 2)
  const limit = minEOfVersion(gate.minE, ordinal);
  const verdict = value >= limit ? 'pass' : 'inconclusive';
  const shared = `minE ${gate.minE} as declaration ${ordinal} of its algorithm`;
  const text = `e = ${shownE(value)} of ${shownE(limit)} (${shared}) after ${observations} returns${verdict === 'pass' ? '' : pace(value, limit, observations, interval)}`;
  return { gate: gate.name, verdict, value, limit, text };
}

/** How long it would take at the growth so far, ln(limit / K) / (ln K / n) intervals. */
function pace(value: number, limit: number, observations: number, interval: number): string {
  const growth = Math.log(value) / observations;
  if (!(growth > 0)) return ', not growing';
  const hours = (Math.log(limit / value) / growth) * (interval / 3_600_000_000);
  const days = hours / 24;
  const left =
    hours < 2
      ? `${Math.ceil(hours * 60)} minutes`
      : hours < 48
        ? `${Math.ceil(hours)} hours`
        : `${days < 10 ? days.toFixed(1) : Math.ceil(days)} days`;
  return `, about ${left} at this rate`;
}
