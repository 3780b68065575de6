import { durationMicros } from '../../base/duration.ts';
import { evidenceConfidence, seedConfidence } from '../../quant/performance/confidence-score.ts';
import { minEOfVersion } from '../../quant/evidence/alpha-spending.ts';
import { sharpeOfMoments } from '../../quant/performance/running-sharpe.ts';
import type { DeploymentSpec, ProgressivePlan } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import type { Deployment } from './deployment.ts';
import { usualBets } from './edge-gates.ts';
import { evidenceOf } from './evidence.ts';
import { findRun, termsOf, valueOf } from './evidence-run.ts';
import { trackOf } from './return-track.ts';
import { shownE } from './shown-e.ts';

/** A score 0…1 with its numbers in words; NaN = there is none, and no more capital for it; nor what an earlier score had earned. */
export interface Confidence {
  readonly value: number;
  readonly text: string;
}

const yearMicros = 365 * 86_400_000_000;

/** The confidence of a version now: on paper from its paper results, on capital from its real ones, never from both. */
export function confidenceOf(core: Core, deployment: Deployment, plan: ProgressivePlan): Confidence {
  const simulated = deployment.stage < 0;
  return plan.score === 'evidence' ? byEvidence(core, deployment, simulated) : bySeeds(core, deployment, plan, simulated);
}

function bySeeds(core: Core, deployment: Deployment, plan: ProgressivePlan, simulated: boolean): Confidence {
  const { row, spec } = deployment;
  const interval = durationMicros(spec.expect.interval);
  const track = trackOf(core, row, simulated, interval);
  const { wins, losses, drawdown } = evidenceOf(core, row);
  const returns = track?.moments.count ?? 0;
  const closed = wins + losses;
  if (track === undefined || returns < plan.minSample || closed < plan.minSample)
    return { value: NaN, text: `${returns} returns and ${closed} round trips, at least ${plan.minSample} of each make a score` };
  const estimate = sharpeOfMoments(track.moments);
  const value =
    estimate === undefined || Number.isNaN(drawdown)
      ? undefined
      : seedConfidence({ estimate, periodsPerYear: yearMicros / interval, wins, losses, drawdown });
  if (value === undefined) return { value: NaN, text: `${returns} returns without variation make no score` };
  return { value, text: `score ${value.toFixed(3)} of ${returns} returns and ${closed} round trips (seedV1, lower 95 % bounds)` };
}

function byEvidence(core: Core, { row, spec }: Deployment, simulated: boolean): Confidence {
  const stress = spec.expect.stressLossPerInterval ?? 1;
  const terms = termsOf('edge', usualBets(stress), 0, stress, durationMicros(spec.expect.interval), simulated);
  const running = findRun(core.rollout, row, terms);
  if (running === undefined || running.state.observations === 0) return { value: NaN, text: 'no datum of its returns yet' };
  const { observations, beyondStress } = running.state;
  if (beyondStress > 0) return { value: NaN, text: `${beyondStress} of ${observations} returns passed the declared stress loss` };
  // all declarations of an algorithm share one alpha
  const share = minEOfVersion(1, running.ordinal);
  const eValue = valueOf(running) / share;
  const value = evidenceConfidence(eValue);
  const shared = `${shownE(valueOf(running))} / ${share.toFixed(2)} as declaration ${running.ordinal} of its algorithm`;
  return { value, text: `1 - 1 / e is ${value.toFixed(3)}, e = ${shownE(eValue)} (${shared}) after ${observations} returns` };
}

/** Highest rung whose threshold the score reaches; -1 = none. */
export function rungOf(plan: ProgressivePlan, score: number): number {
  let rung = -1;
  plan.thresholds.forEach((threshold, k) => {
    if (score >= threshold) rung = k;
  });
  return rung;
}

/**
 * What a score leaves of a rung's allocation, 0.0001 of the slice's capital: all of it at the rung's threshold, that of the rung below at the end of the
 * hysteresis, along the curve between them; rounded down.
 */
export function shrunkAllocation(spec: DeploymentSpec, plan: ProgressivePlan, rung: number, score: number): number {
  const top = spec.stages[rung].allocation;
  const bottom = rung === 0 ? 0 : spec.stages[rung - 1].allocation;
  const share = plan.hysteresis > 0 ? Math.max(0, Math.min(1, 1 - (plan.thresholds[rung] - score) / plan.hysteresis)) : 1;
  switch (plan.curve) {
    case 'Step':
      return top;
    case 'Linear':
      return Math.floor(bottom + (top - bottom) * share);
    case 'ExponentialGrowth':
      // from the smallest step where the rung below is none
      return Math.floor(geometric(Math.max(1, bottom), top, share));
  }
}

/** Between two positive numbers in equal ratios: square roots alone, so that every machine gets the same bits. */
function geometric(from: number, to: number, share: number): number {
  if (share >= 1) return to;
  let low = from;
  let high = to;
  let left = share;
  for (let halving = 0; halving < 24; halving++) {
    const middle = Math.sqrt(low * high);
    left *= 2;
    if (left >= 1) {
      left -= 1;
      low = middle;
    } else high = middle;
    if (left === 0) return low;
  }
  return low;
}
