import { MICROS_PER_DAY } from '../../../base/time.ts';
import { barChart } from '../charts/bar-chart.ts';
import { timeChart } from '../charts/time-chart.ts';
import { dateText, fixed, groupedDecimal, percent, signedPercent } from '../figure-text.ts';
import type { TearSheet } from '../tear-sheet.ts';
import type { Finding, Verdict } from '../verdict.ts';
import { figure, html, type Html } from './html.ts';
import { sharpeLine, sharpeTable } from './sharpe-table.ts';
import { drawdownTable, monthTable, scrolling } from './tables.ts';

/** A part of the page with a heading of its own. */
export function section(id: string, title: string, body: Html | readonly Html[]): Html {
  return html`<section aria-labelledby="${id}-title" id="${id}">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section>`;
}

const signs = { against: ['✗', 'speaks against an edge'], limits: ['!', 'limits what can be said'], supports: ['✓', 'passed'] } as const;

export function verdictSection({ edge, headline, findings }: Verdict): Html {
  const group = (title: string, found: readonly Finding[]): Html | undefined =>
    found.length === 0
      ? undefined
      : html`<h3>${title}</h3>
          <ul class="findings">
            ${found.map(
              ({ code, weight, text }) =>
                html`<li class="${weight}" data-finding="${code}">
                  <span class="sign" role="img" aria-label="${signs[weight][1]}">${signs[weight][0]}</span><span>${text}</span>
                </li>`,
            )}
          </ul>`;
  const shows = findings.filter(({ weight }) => weight !== 'limits');
  const limits = findings.filter(({ weight }) => weight === 'limits');
  const body = html`<p class="${edge ? 'headline edge' : 'headline'}" data-verdict="${edge ? 'edge' : 'noEdge'}">${headline}</p>
    <div class="two">
      <div>${group('What this run shows', shows)}</div>
      <div>${group('What it cannot show', limits)}</div>
    </div>`;
  return section('verdict', 'Verdict', body);
}

export function keySection(sheet: TearSheet): Html {
  const { run, worst } = sheet;
  const depth = worst[0]?.depth ?? 0;
  const currency = run.currency;
  return section(
    'key-figures',
    'Key figures',
    html`<dl class="tiles">
      ${tile('Final equity', html`${figure('finalEquity', run.finalEquity, fixed(Number(run.finalEquity), 2))}`, `${currency}; exactly ${groupedDecimal(run.finalEquity)}`)}
      ${tile('Return', figure('totalReturn', sheet.totalReturn, signedPercent(sheet.totalReturn, 2)), `${signedPercent(sheet.growth, 2)} a year`)}
      <div class="broad">
        <dt>Sharpe ratio</dt>
        <dd>${sharpeLine('sharpeTile', sheet.evidence, run.periodsPerYear)}</dd>
      </div>
      ${tile('Worst drawdown', figure('maxDrawdown', depth, percent(depth, 2)), `Calmar ${fixed(sheet.calmar, 2)}`)}
      ${tile('Longest drawdown', html`${fixed(longestDays(sheet), 0)}`, 'days from peak to recovery or end')}
      ${tile('Volatility', figure('volatility', sheet.volatility, percent(sheet.volatility, 2)), `a year; Sortino ${fixed(sheet.sortino, 2)}`)}
      ${run.kind === 'backtest' ? tradeTiles(sheet) : undefined}
    </dl>`,
  );
}

function tradeTiles({ run, outcomes, exposure, costs, turnover }: TearSheet): Html {
  const { currency } = run;
  const paid = costs.totalFees + costs.totalSlippage + costs.rollFees;
  return html`${tile('Round trips', figure('trades', run.trades.length, fixed(run.trades.length, 0)), `${percent(outcomes.winRate, 1)} won`)}
  ${tile('Mean of a trade', figure('expectancy', outcomes.expectancy, fixed(outcomes.expectancy, 2)), `${currency}; profit factor ${fixed(outcomes.profitFactor, 2)}`)}
  ${tile('Exposure', figure('meanExposure', exposure.meanGross, percent(exposure.meanGross, 2)), `on average; in the market ${percent(exposure.timeInMarket, 0)} of the time`)}
  ${tile('Turnover', figure('turnover', turnover, `${fixed(turnover, 2)} ×`), 'equity a year, one side')}
  ${tile('Fees and slippage', figure('costs', paid, fixed(paid, 0)), currency)}`;
}

function tile(name: string, value: Html, more?: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}${more === undefined ? undefined : html` <small>${more}</small>`}</dd>
  </div>`;
}

function longestDays({ drawdown, run: { time } }: TearSheet): number {
  let [peak, longest] = [0, 0];
  for (let i = 0; i < time.length; i++) {
    if (drawdown[i] === 0 && (i === 0 || drawdown[i - 1] === 0)) peak = i;
    longest = Math.max(longest, time[i] - time[peak]);
    if (drawdown[i] === 0) peak = i;
  }
  return longest / MICROS_PER_DAY;
}

export function sharpeSection({ evidence, run }: TearSheet): Html {
  const body =
    evidence === undefined
      ? html`<p>There is no Sharpe ratio: the returns do not vary.</p>`
      : html`<p>
            One number hides how little a record can know. Every figure here is computed from the
            ${fixed(evidence.estimate.observations, 0)} returns of this run.
          </p>
          ${sharpeTable(evidence, run.periodsPerYear)}`;
  return section('sharpe', 'The Sharpe ratio, and what stands behind it', body);
}

export function equitySection(sheet: TearSheet, daily: boolean): Html {
  const { run, drawdown, worst } = sheet;
  const { time, equity } = run;
  const fell = Float64Array.from(drawdown, (depth) => -depth);
  const switches = html`<fieldset class="switch">
    <legend>scale</legend>
    <label><input type="radio" name="scale" id="scale-linear" checked />linear</label>
    <label><input type="radio" name="scale" id="scale-log" />logarithmic</label>
  </fieldset>`;
  const deepest =
    worst.length === 0
      ? 'There was none.'
      : `The deepest was ${percent(worst[0].depth, 2)}, from ${dateText(time[worst[0].peak])} to ${dateText(time[worst[0].trough])}.`;
  return section('equity', 'Equity and drawdown', [
    timeChart(
      {
        id: 'equity-chart',
        title: `Equity, ${run.currency}`,
        text: 'Marked at the close of each date, net of fees and slippage.',
        spoken: `From ${fixed(equity[0], 0)} on ${dateText(time[0])} to ${fixed(equity[equity.length - 1], 0)} on ${dateText(time[time.length - 1])}.`,
        height: 280,
        unit: 'money',
        daily,
        time,
        lines: [{ name: 'equity', look: 'first', values: equity }],
        log: true,
      },
      switches,
    ),
    timeChart({
      id: 'drawdown-chart',
      title: 'Drawdown',
      text: 'How far below the highest equity so far.',
      spoken: deepest,
      height: 140,
      unit: 'percent',
      daily,
      time,
      lines: [{ name: 'drawdown', look: 'second', values: fell, filled: true }],
      zero: true,
    }),
    html`<h3>The ${worst.length} deepest drawdowns</h3>
      ${drawdownTable(worst, time, daily)}`,
  ]);
}

export function monthSection({ calendar }: TearSheet): Html {
  return section(
    'months',
    'Returns by month',
    html`<p>Percent of the equity at the end of the month before, UTC months. A sign says gain or loss; the shade only repeats it.</p>
      ${monthTable(calendar)}`,
  );
}

export function rollingSection(sheet: TearSheet, daily: boolean): Html {
  const { rolling, rollingWindow, run, returns, evidence } = sheet;
  if (rolling.length < 2) {
    return section('rolling', 'Rolling Sharpe ratio', html`<p>The run has ${returns.length} returns; the window is ${rollingWindow}.</p>`);
  }
  const first = rolling[0].at;
  const count = returns.length - first;
  const [values, lower, upper] = [0, 1, 2].map(() => new Float64Array(count).fill(NaN));
  const z = 1.959963984540054;
  for (const { at, sharpe, deviation } of rolling) {
    values[at - first] = sharpe;
    if (deviation === undefined) continue;
    lower[at - first] = sharpe - z * deviation;
    upper[at - first] = sharpe + z * deviation;
  }
  const away = rolling.filter(({ sharpe, deviation }) => deviation !== undefined && Math.abs(sharpe) > z * deviation).length;
  const whole = new Float64Array(count).fill(evidence?.sharpe ?? NaN);
  return section('rolling', 'Rolling Sharpe ratio', [
    timeChart(
      {
        id: 'rolling-chart',
        title: `Sharpe ratio of the last ${rollingWindow} returns`,
        text: `The band is ± 1.96 standard errors of each window (Mertens 2002): where it covers zero, the window says nothing. Zero lies outside in ${percent(away / rolling.length, 0)} of the windows, which overlap and are not independent.`,
        spoken: `Last value ${fixed(rolling[rolling.length - 1].sharpe, 2)}.`,
        height: 220,
        unit: 'ratio',
        daily,
        time: Array.from({ length: count }, (_, i) => run.time[first + 1 + i]),
        lines: [
          { name: 'window', look: 'first', values },
          { name: 'whole run', look: 'third', values: whole },
        ],
        band: { name: '95 % of the window', lower, upper },
        zero: true,
      },
      html`<p>Whole run: ${sharpeLine('sharpeRolling', evidence, run.periodsPerYear)}</p>`,
    ),
  ]);
}

export function useSection(sheet: TearSheet, daily: boolean): Html {
  const { run, exposure, costs } = sheet;
  const hasShort = sheet.holdings.short.some((value) => value > 0);
  const lines = [{ name: 'gross', look: 'first', values: exposure.gross, filled: true }] as const;
  return section(
    'use',
    'Exposure and turnover',
    html`<div class="two">
      ${timeChart({
        id: 'exposure-chart',
        title: 'Exposure',
        text: `Market value of what was held over equity. Average ${percent(exposure.meanGross, 2)}, most ${percent(exposure.maxGross, 2)}.`,
        spoken: `Average ${percent(exposure.meanGross, 2)}, most ${percent(exposure.maxGross, 2)}.`,
        height: 170,
        unit: 'percent',
        daily,
        time: run.time,
        lines: hasShort ? [...lines, { name: 'net', look: 'second', values: exposure.net }] : lines,
        zero: true,
      })}
      ${barChart({
        id: 'turnover-chart',
        title: 'Turnover by year',
        text: `Half of what was bought and sold over the mean equity of the year; ${fixed(sheet.turnover, 2)} × a year over the whole run.`,
        spoken: costs.turnover.map(({ year, turnover }) => `${year}: ${fixed(turnover, 2)}`).join(', '),
        height: 170,
        unit: 'ratio',
        bars: costs.turnover.map(({ year, turnover }) => ({
          label: String(year),
          value: turnover,
          title: `${year}: ${fixed(turnover, 3)} × equity`,
          look: 'first',
        })),
        readout: `All years: ${fixed(costs.traded, 0)} ${run.currency} traded`,
      })}
    </div>`,
  );
}

export function costSection(sheet: TearSheet, daily: boolean): Html {
  const { costs, run } = sheet;
  const { rollFees } = costs;
  const paid = costs.totalFees + costs.totalSlippage + rollFees;
  const perFill = (total: number): string => (costs.fills === 0 ? 'none' : fixed(total / costs.fills, 2));
  const perTrade = (total: number): string => (run.trades.length === 0 ? 'none' : fixed(total / run.trades.length, 2));
  const ofTraded = (total: number): string => (costs.traded > 0 ? `${fixed((total / costs.traded) * 1e4, 2)} bps` : 'none');
  const row = (name: string, key: string, total: number): Html =>
    html`<tr>
      <th scope="row">${name}</th>
      <td class="number">${figure(key, total, fixed(total, 2))}</td>
      <td class="number">${perFill(total)}</td>
      <td class="number">${perTrade(total)}</td>
      <td class="number">${ofTraded(total)}</td>
    </tr>`;
  const fees = { name: 'fees', look: 'first', values: costs.fees } as const;
  return section('costs', 'Costs', [
    timeChart({
      id: 'cost-chart',
      title: `Costs so far, ${run.currency}`,
      text: `${costs.totalSlippage > 0 ? 'Fees and slippage' : 'Fees'} of all fills, added up; already taken off the equity.${rollFees === 0 ? '' : ' Fees of rolls are in the table alone.'}${costs.totalSlippage > 0 ? '' : ' No slippage was modeled, or none arose.'}`,
      spoken: `In all ${fixed(paid, 0)} ${run.currency}.`,
      height: 170,
      unit: 'money',
      daily,
      time: run.time,
      lines: costs.totalSlippage > 0 ? [fees, { name: 'slippage', look: 'second', values: costs.slippage }] : [fees],
      zero: true,
    }),
    scrolling(
      'Costs in all and per trade',
      html`<table>
        <caption class="unseen">
          Costs in all and per trade
        </caption>
        <thead>
          <tr>
            <th scope="col">cost</th>
            <th scope="col" class="number">${run.currency}</th>
            <th scope="col" class="number">a fill</th>
            <th scope="col" class="number">a round trip</th>
            <th scope="col" class="number">of traded notional</th>
          </tr>
        </thead>
        <tbody>
          ${row('fees', 'fees', costs.totalFees)}${row('slippage', 'slippage', costs.totalSlippage)}${rollFees === 0 ? undefined : row('rolls', 'rollFees', rollFees)}${row(rollFees === 0 ? 'both' : 'all', 'feesAndSlippage', paid)}
        </tbody>
      </table>`,
    ),
  ]);
}
