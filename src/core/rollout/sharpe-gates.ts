import { durationMicros } from '../../base/duration.ts';
import type { GateSpec } from '../../domain/spec.ts';
import { deflatedSharpe } from '../../quant/performance/deflated-sharpe.ts';
import { sharpeMixtureFrom } from '../../quant/evidence/sharpe-mixture.ts';
import {
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeDeviation,
  type SharpeEstimate,
} from '../../quant/performance/probabilistic-sharpe.ts';
import { sharpeOfMoments } from '../../quant/performance/running-sharpe.ts';
import type { RunningMoments } from '../../quant/stats/running-moments.ts';
import type { Core } from '../core.ts';
import type { Deployment } from './deployment.ts';
import { numberOf, wantedE } from './gate-terms.ts';
import type { Judgment } from './judgment.ts';
import { trackOf } from './return-track.ts';
import { trialsOf } from './trial-terms.ts';

/** Fewer returns make no Sharpe ratio that anything is judged by. */
export const leastReturns = 30;
const yearMicros = 365 * 86_400_000_000;
/** Two-sided 95 %. */
const z = 1.959963984540054;
/** Sharpe ratios of a year that the e-t bets on. */
const dryRunSharpes = [1, 2, 4];

interface Returns {
  readonly moments: RunningMoments;
  readonly estimate: SharpeEstimate | undefined;
  /** Square root of the intervals of a year. */
  readonly scale: number;
}

/** Returns of the version per interval so far: on paper those on paper, on capital the real ones. */
function returnsOf(core: Core, { row, spec, stage }: Deployment): Returns | undefined {
  const interval = durationMicros(spec.expect.interval);
  const track = trackOf(core, row, stage < 0, interval);
  if (track === undefined || track.moments.count < leastReturns) return undefined;
  return { moments: track.moments, estimate: sharpeOfMoments(track.moments), scale: Math.sqrt(yearMicros / interval) };
}

function tooFew(gate: string, limit: number): Judgment {
  return { gate, verdict: 'inconclusive', value: NaN, limit, text: `fewer than ${leastReturns} returns, or none that vary` };
}

/** The seeds' threshold, a necessary condition: the ratio of a year with its interval, the chance that the true one is above 0 and the record that would show it. */
export function judgeSharpeRatio(core: Core, deployment: Deployment, limit: number): Judgment {
  const gate = 'minSharpeRatio';
  const returns = returnsOf(core, deployment);
  if (returns?.estimate === undefined) return tooFew(gate, limit);
  const { estimate, scale } = returns;
  const value = estimate.sharpe * scale;
  const deviation = sharpeDeviation(estimate, 0, '2012');
  if (deviation === undefined) return tooFew(gate, limit);
  const ends = [-z, z].map((k) => ((estimate.sharpe + k * deviation) * scale).toFixed(1));
  const chance = probabilisticSharpe(estimate, 0, '2012') ?? NaN;
  const needed = minimumTrackRecord(estimate, 0, 0.95, '2012');
  const record = needed === undefined ? 'no record of this kind would show it' : `${Math.ceil(needed)} returns would show it`;
  const text = `Sharpe ratio ${value.toFixed(2)} of a year, 95 % interval ${ends[0]} to ${ends[1]}, PSR 2012 ${chance.toFixed(3)} after ${estimate.observations} returns, ${record}`;
  return { gate, verdict: value >= limit ? 'pass' : 'fail', value, limit, text };
}

/** A probabilistic Sharpe ratio or the length of the record that it asks for: they pass or are inconclusive. */
export function judgeProbability(core: Core, deployment: Deployment, gate: GateSpec): Judgment {
  const minimum = numberOf(gate, 'minimum', 0.95);
  const returns = returnsOf(core, deployment);
  if (returns?.estimate === undefined) return tooFew(gate.name, minimum);
  const { estimate, scale } = returns;
  const yearly = numberOf(gate, 'benchmark', 0);
  const benchmark = yearly / scale;
  if (gate.test === 'minTRL') {
    const needed = minimumTrackRecord(estimate, benchmark, minimum, '2012');
    if (needed === undefined)
      return { ...tooFew(gate.name, NaN), text: `Sharpe ratio not above ${yearly}: no record of this kind would show it` };
    const verdict = estimate.observations >= needed ? 'pass' : 'inconclusive';
    return {
      gate: gate.name,
      verdict,
      value: estimate.observations,
      limit: needed,
      text: `${estimate.observations} of ${Math.ceil(needed)} returns`,
    };
  }
  const variant = gate.test === 'psr2025' ? '2025' : '2012';
  const value = probabilisticSharpe(estimate, benchmark, variant);
  if (value === undefined) return tooFew(gate.name, minimum);
  const text = `PSR ${variant} ${value.toFixed(4)} against ${yearly} of a year after ${estimate.observations} returns`;
  return { gate: gate.name, verdict: value >= minimum ? 'pass' : 'inconclusive', value, limit: minimum, text };
}

/**
 * Deflated Sharpe ratio (Bailey & Lopez de Prado 2014, eq. 1 and 2): the probability that the true ratio is above the best that as many trials without skill
 * would have shown. The trials are those of the registry, declared before the first datum; a higher count that was accepted since counts from the next judgment on, unless it would ask for less. It
 * passes or is inconclusive.
 */
export function judgeDeflated(core: Core, deployment: Deployment, gate: GateSpec): Judgment {
  const minimum = numberOf(gate, 'minimum', 0.95);
  const returns = returnsOf(core, deployment);
  if (returns?.estimate === undefined) return tooFew(gate.name, minimum);
  const { estimate, scale } = returns;
  const declared = trialsOf(gate);
  const known = core.rollout.trialHeads.get(deployment.spec.algorithmID);
  const counts = known !== undefined && known.trials > declared.trials ? [declared, known] : [declared];
  let strictest: { readonly trials: number; readonly probability: number; readonly benchmark: number } | undefined;
  for (const { trials, trialVariance } of counts) {
    // the variance of ratios of a year over the intervals of a year is that of ratios of an interval
    const deflated = deflatedSharpe(estimate, trials, trialVariance / (scale * scale));
    if (deflated === undefined) return tooFew(gate.name, minimum);
    if (strictest === undefined || deflated.probability < strictest.probability) strictest = { ...deflated, trials };
  }
  if (strictest === undefined) return tooFew(gate.name, minimum);
  const { probability, benchmark, trials } = strictest;
  const luck = (benchmark * scale).toFixed(2);
  const since = trials === declared.trials ? '' : `; it declared ${declared.trials}, this desk has accepted ${trials} since`;
  const text = `DSR ${probability.toFixed(4)} of ${minimum}: ${trials} trials of luck show ${luck} of a year, it ${(estimate.sharpe * scale).toFixed(2)} after ${estimate.observations} returns${since}`;
  return { gate: gate.name, verdict: probability >= minimum ? 'pass' : 'inconclusive', value: probability, limit: minimum, text };
}

/** e-t against "no edge": valid for normal returns only, so for a dry run and never for capital. */
export function judgeDryRun(core: Core, deployment: Deployment, gate: GateSpec): Judgment {
  const limit = wantedE(gate, 20);
  const returns = returnsOf(core, deployment);
  if (returns === undefined) return tooFew(gate.name, limit);
  const { count, mean, second } = returns.moments;
  const grid = dryRunSharpes.map((sharpe) => sharpe / returns.scale);
  const weights = grid.map(() => 1 / grid.length);
  const sums = { observations: count, sum: mean * count, sumOfSquares: second + count * mean * mean };
  const value = sharpeMixtureFrom({ nullSharpe: 0, grid, weights, ...sums }).value();
  const text = `e-t = ${value.toFixed(2)} of ${limit} after ${count} returns, as if they were normal`;
  return { gate: gate.name, verdict: value >= limit ? 'pass' : 'inconclusive', value, limit, text };
}
