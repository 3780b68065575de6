import { quantileOfSorted, sorted } from '../../../quant/stats/quantile.ts';
import { barChart } from '../charts/bar-chart.ts';
import { labelOf, type ValueUnit } from '../charts/time-chart.ts';
import { fixed } from '../figure-text.ts';
import type { HistogramBin } from '../histogram.ts';
import type { TearSheet } from '../tear-sheet.ts';
import { html, type Html } from './html.ts';
import { section } from './result-sections.ts';

export function distributionSection(sheet: TearSheet): Html {
  const { evidence, outcomes, run, returns } = sheet;
  const idle = returns.filter((value) => value === 0).length;
  const shape =
    evidence === undefined
      ? ''
      : `Skew ${fixed(evidence.estimate.skewness, 2)}, kurtosis ${fixed(evidence.estimate.kurtosis, 1)} over all returns (normal: 0 and 3).`;
  const still =
    idle === 0 ? '' : ` ${fixed(idle, 0)} of ${fixed(returns.length, 0)} are exactly zero, nothing being held, and are not drawn.`;
  const pnls = sorted(run.trades.map(({ pnl }) => pnl));
  const middle =
    pnls.length === 0
      ? ''
      : ` Median ${fixed(quantileOfSorted(pnls, 0.5), 0)}, worst ${fixed(pnls[0], 0)}, best ${fixed(pnls[pnls.length - 1], 0)}.`;
  return section(
    'distribution',
    'Distributions',
    html`<div class="two">
      ${histogram('return-bins', 'Returns between points', `${shape}${still}`, sheet.returnBins, 'percent')}
      ${run.kind === 'walk-forward' ? undefined : histogram('pnl-bins', `PnL of round trips, ${run.currency}`, `Mean ${fixed(outcomes.expectancy, 0)}.${middle}`, sheet.pnlBins, 'money')}
    </div>`,
  );
}

function histogram(id: string, title: string, text: string, bins: readonly HistogramBin[] | undefined, unit: ValueUnit): Html {
  if (bins === undefined)
    return html`<div>
      <h3>${title}</h3>
      <p>Too few different values for a distribution.</p>
    </div>`;
  const edge = (value: number): string => labelOf(value, bins[0].to - bins[0].from, unit);
  return barChart({
    id,
    title,
    text,
    spoken: text,
    height: 190,
    unit: 'ratio',
    bars: bins.map(({ from, to, count }) => ({
      label: '',
      value: count,
      title: `${edge(from)} to ${edge(to)}: ${count}`,
      look: to <= 0 ? 'second' : 'first',
    })),
    edges: {
      texts: [...bins.map(({ from }) => edge(from)), edge(bins[bins.length - 1].to)],
      zero: Math.round(-bins[0].from / (bins[0].to - bins[0].from)),
    },
    legend: [
      { look: 'first', name: 'gains' },
      { look: 'second', name: 'losses' },
      { look: 'overlay', name: 'normal of the same mean and deviation' },
    ],
    overlay: bins.map((bin) => bin.normal),
  });
}
