import { fixed, percent } from '../figure-text.ts';
import { confidence, type SharpeEvidence } from '../sharpe-evidence.ts';
import { figure, html, type Html } from './html.ts';
import { scrolling } from './tables.ts';

/** A Sharpe ratio in a line, with everything that belongs beside it. */
export function sharpeLine(name: string, evidence: SharpeEvidence | undefined, periodsPerYear: number): Html {
  if (evidence === undefined) return html`<span data-figure="${name}">none: the returns do not vary</span>`;
  const { sharpe, interval, psr2012, deflated, minimumRecord, estimate, trials } = evidence;
  const range =
    interval === undefined
      ? 'no interval'
      : `${percent(confidence, 0)} interval ${fixed(interval.lower, 2)} to ${fixed(interval.upper, 2)}`;
  const needs =
    minimumRecord === undefined
      ? 'no record is long enough'
      : `needs ${fixed(minimumRecord / periodsPerYear, 1)} years, has ${fixed(estimate.observations / periodsPerYear, 1)}`;
  return html`${figure(name, sharpe, fixed(sharpe, 2))}
    <small class="beside"
      >${range}; PSR ${fixed(psr2012, 2)}; deflated ${fixed(deflated?.probability, 2)} (${trials.count}
      trial${trials.count === 1 ? '' : 's'}); ${needs}</small
    >`;
}

/** Everything behind the Sharpe ratio of the run, each figure with what it means. */
export function sharpeTable(evidence: SharpeEvidence, periodsPerYear: number): Html {
  return scrolling(
    'The Sharpe ratio and what stands behind it',
    html`<table class="facts">
      <caption class="unseen">
        The Sharpe ratio and what stands behind it
      </caption>
      <thead>
        <tr>
          <th scope="col">figure</th>
          <th scope="col" class="number">value</th>
          <th scope="col">asked for</th>
          <th scope="col">what it says</th>
        </tr>
      </thead>
      <tbody>
        ${rows(evidence, periodsPerYear)}
      </tbody>
    </table>`,
  );
}

function rows(evidence: SharpeEvidence, periodsPerYear: number): readonly Html[] {
  return [...estimateRows(evidence), ...probabilityRows(evidence, periodsPerYear), ...shapeRows(evidence)];
}

function estimateRows({ sharpe, interval, deviation }: SharpeEvidence): readonly Html[] {
  return [
    row(
      'Sharpe ratio, a year',
      figure('sharpe', sharpe, fixed(sharpe, 4)),
      '',
      'mean over deviation (n − 1) of the returns between points, times the root of the periods in a year, risk-free 0',
    ),
    row(
      'its standard error',
      figure('sharpeDeviation', deviation, fixed(deviation, 3)),
      '',
      'from length, skew and tails of the returns (Mertens 2002)',
    ),
    row(
      `its ${percent(confidence, 0)} interval`,
      interval === undefined
        ? html`none`
        : html`${figure('sharpeLower', interval.lower, fixed(interval.lower, 2))} to
          ${figure('sharpeUpper', interval.upper, fixed(interval.upper, 2))}`,
      'above 0',
      `percentiles of ${fixed(interval?.samples ?? 0, 0)} stationary-bootstrap samples: blocks of random length keep what days have to do with each other (Politis & Romano 1994)`,
    ),
  ];
}

function probabilityRows(evidence: SharpeEvidence, periodsPerYear: number): readonly Html[] {
  const { estimate, psr2012, psr2025, minimumRecord, deflated, trials } = evidence;
  const scale = Math.sqrt(periodsPerYear);
  const needed = minimumRecord === undefined ? undefined : Math.ceil(minimumRecord);
  return [
    row(
      'probabilistic Sharpe, 2012',
      figure('psr2012', psr2012, fixed(psr2012, 3)),
      `≥ ${confidence}`,
      'chance that the true ratio is above 0, its variance taken at the estimate (Bailey & López de Prado 2012)',
    ),
    row(
      'probabilistic Sharpe, 2025',
      figure('psr2025', psr2025, fixed(psr2025, 3)),
      `≥ ${confidence}`,
      'the other published form: variance taken under the hypothesis of 0, as a test asks (López de Prado, Lipton & Zoonekynd 2025)',
    ),
    row(
      'minimum track record',
      figure('minimumRecord', needed, needed === undefined ? 'none' : fixed(needed, 0)),
      `≤ ${fixed(estimate.observations, 0)}`,
      `returns before the probability reaches ${confidence}, if all stays as it was; this record has ${fixed(estimate.observations, 0)} (Bailey & López de Prado 2012)`,
    ),
    row(
      'trials',
      figure('trials', trials.count, fixed(trials.count, 0)),
      '',
      `parameter sets tried and recorded before this one was shown${deflated === undefined || trials.count === 1 ? '' : `; the best of as many without any skill is expected at ${fixed(deflated.benchmark * scale, 2)}`}`,
    ),
    row(
      'deflated Sharpe',
      figure('deflatedSharpe', deflated?.probability, fixed(deflated?.probability, 3)),
      `≥ ${confidence}`,
      'probability against that best of luck instead of 0 (Bailey & López de Prado 2014)',
    ),
  ];
}

function shapeRows({ estimate }: SharpeEvidence): readonly Html[] {
  return [
    row(
      'skew of the returns',
      figure('skewness', estimate.skewness, fixed(estimate.skewness, 2)),
      '',
      '0 for a normal distribution; below 0 the large moves are losses',
    ),
    row(
      'kurtosis of the returns',
      figure('kurtosis', estimate.kurtosis, fixed(estimate.kurtosis, 1)),
      '',
      '3 for a normal distribution; above it extremes come more often',
    ),
  ];
}

function row(name: string, value: Html, asked: string, meaning: string): Html {
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="number">${value}</td>
    <td>${asked}</td>
    <td>${meaning}</td>
  </tr>`;
}
