import type { GateSpec } from '../../domain/spec.ts';
import type { RowIx } from '../../domain/ids.ts';
import { bernoulliMixture } from '../../quant/evidence/bernoulli-mixture.ts';
import { mannWhitney } from '../../quant/stats/mann-whitney.ts';
import type { Core } from '../core.ts';
import { latencySamples } from '../risk/latency-window.ts';
import { findBaseline } from './baseline.ts';
import type { Deployment } from './deployment.ts';
import { evidenceOf } from './evidence.ts';
import { againstOf, numberOf, wantedE } from './gate-terms.ts';
import { errorEvidenceLimit, type Judgment } from './judgment.ts';
import { shownE } from './shown-e.ts';
import { shortfallSamples, shortfallsOf } from './shortfalls.ts';

/** Upper end of the prior of a win rate. */
const mostWins = 0.999;

/** A rate of events, by an e-value that may be looked at after every trial. A rate that is shown to be worse than allowed fails; a rate that is not shown is inconclusive. */
export function judgeRate(core: Core, deployment: Deployment, gate: GateSpec): Judgment {
  return gate.metric === 'winRate' ? judgeWinRate(core, deployment, gate) : judgeErrorRate(core, deployment, gate);
}

function judgeWinRate(core: Core, { row }: Deployment, gate: GateSpec): Judgment {
  const limit = wantedE(gate, 20);
  const { wins, losses } = evidenceOf(core, row);
  const closed = wins + losses;
  if (closed === 0) return { gate: gate.name, verdict: 'inconclusive', value: NaN, limit, text: 'no closed round trip yet' };
  const minimum = numberOf(gate, 'minimum', NaN);
  const value = bernoulliMixture(wins, closed, minimum, mostWins);
  const text = `e = ${shownE(value)} of ${limit} for more than ${minimum}: ${wins} of ${closed} round trips won`;
  return { gate: gate.name, verdict: value >= limit ? 'pass' : 'inconclusive', value, limit, text };
}

function judgeErrorRate(core: Core, { row }: Deployment, gate: GateSpec): Judgment {
  const limit = wantedE(gate, 20);
  const watch = core.risk.monitors.rows[row];
  if (watch === undefined || watch.trials === 0)
    return { gate: gate.name, verdict: 'inconclusive', value: NaN, limit, text: 'no order was answered yet' };
  const { trials, errors } = watch;
  const maximum = numberOf(gate, 'maximum', NaN);
  const seen = `${errors} errors of ${trials}`;
  const against = bernoulliMixture(errors, trials, maximum);
  if (against >= errorEvidenceLimit)
    return {
      gate: gate.name,
      verdict: 'fail',
      value: against,
      limit: errorEvidenceLimit,
      text: `more than ${maximum} are errors, e = ${shownE(against)}: ${seen}`,
    };
  const value = bernoulliMixture(trials - errors, trials, 1 - maximum, 1 - maximum / 1_000);
  const text = `e = ${shownE(value)} of ${limit} for fewer than ${maximum}: ${seen}`;
  return { gate: gate.name, verdict: value >= limit ? 'pass' : 'inconclusive', value, limit, text };
}

/** Values of a metric that a row has lately shown. */
function samplesOf(core: Core, row: RowIx, simulated: boolean, metric: string): Float64Array {
  if (metric === 'latencyMs') {
    const window = core.risk.monitors.rows[row]?.latency;
    return window === undefined ? new Float64Array(0) : window.samples.slice(0, latencySamples(window)).map((micros) => micros / 1_000);
  }
  const tally = shortfallsOf(core, row, simulated);
  return tally.samples.slice(0, Math.min(tally.fills, shortfallSamples));
}

/**
 * Latency or shortfall against a baseline by ranks. It is looked at once, when both have as many samples as asked for, and that word stands: pass when it is shown to be worse
 * by less than the margin, fail when it is shown to be worse with a medium effect (0.64, Vargha & Delaney 2000), else inconclusive.
 */
export function judgeRanks(core: Core, deployment: Deployment, gate: GateSpec): Judgment {
  const spoken = deployment.spoken.get(gate.name);
  if (spoken !== undefined) return spoken;
  const alpha = numberOf(gate, 'alpha', 0.05);
  const wanted = numberOf(gate, 'samples', 100);
  const open = (text: string): Judgment => ({ gate: gate.name, verdict: 'inconclusive', value: NaN, limit: alpha, text });
  const baseline = findBaseline(core, deployment.row, againstOf(gate));
  if (baseline === undefined) return open(`there is no ${againstOf(gate)} to be compared with`);
  const own = samplesOf(core, deployment.row, false, gate.metric);
  const other = samplesOf(core, baseline.row, baseline.simulated, gate.metric);
  if (own.length < wanted || other.length < wanted) return open(`${own.length} and ${other.length} samples of ${wanted}`);
  const margin = numberOf(gate, 'margin', 0);
  const within = mannWhitney(
    own.map((value) => value - margin),
    other,
    'less',
  );
  const worse = mannWhitney(own, other, 'greater');
  const effect = worse?.superiority ?? 0.5;
  const isWorse = worse !== undefined && worse.pValue < alpha && effect >= numberOf(gate, 'effect', 0.64);
  const value = within?.pValue ?? 1;
  const verdict = isWorse ? 'fail' : value < alpha ? 'pass' : 'inconclusive';
  const text = `${gate.metric} of ${own.length} and ${other.length} samples: worse by less than ${margin} with p ${value.toPrecision(2)}, larger in ${(100 * effect).toFixed(0)} % of pairs, looked at once`;
  const judged: Judgment = { gate: gate.name, verdict, value, limit: alpha, text };
  deployment.spoken.set(gate.name, judged);
  return judged;
}
