import { exposureOf, type Exposure } from '../../../quant/performance/exposure.ts';
import { timeChart } from '../charts/time-chart.ts';
import { fixed, percent, signed } from '../figure-text.ts';
import { holdingsOf } from '../holdings.ts';
import type { SheetCurrency, SheetRun } from '../sheet-run.ts';
import type { TearSheet } from '../tear-sheet.ts';
import { figure, html, type Html } from './html.ts';
import { section } from './result-sections.ts';
import { scrolling } from './tables.ts';

const looks = ['first', 'second', 'third'] as const;

interface InUse extends SheetCurrency {
  readonly exposure: Exposure;
}

/** What each currency of the run made, what rates made of it, and how much was held in it. */
export function currencySection({ run }: TearSheet, daily: boolean): Html {
  const all = (run.currencies ?? []).map((one) => ({ ...one, exposure: exposureIn(run, one) }));
  const held = all.filter(({ exposure }) => exposure.maxGross > 0);
  const drawn = held.sort((a, b) => b.exposure.meanGross - a.exposure.meanGross).slice(0, looks.length);
  const fromRates = all.reduce((sum, one) => sum + one.fromRates, 0);
  const made = all.reduce((sum, one) => sum + one.pnlInBase, 0);
  const share = made === 0 ? '' : ` (${percent(fromRates / made, 1)} of it)`;
  return section('currencies', 'Currencies', [
    html`<p>
      Of ${figure('pnlInBase', made, signed(made, 2))} ${run.currency} in all, rates made
      ${figure('fromRates', fromRates, signed(fromRates, 2))}${share}: what had been made in another currency, as its rate moved between two
      points of the equity. What is held in a currency stays in it; the capital is in ${run.currency}.
    </p>`,
    currencyTable(all, run.currency),
    timeChart({
      id: 'currency-chart',
      title: 'Exposure by currency',
      text: `Market value of what was held in each currency over equity, long and short added up.${drawn.length < held.length ? ` The ${drawn.length} largest of ${held.length}.` : ''}`,
      spoken: drawn.map(({ currency, exposure }) => `${currency}: average ${percent(exposure.meanGross, 2)}`).join(', '),
      height: 170,
      unit: 'percent',
      daily,
      time: run.time,
      lines: drawn.map(({ currency, exposure }, n) => ({ name: currency, look: looks[n], values: exposure.gross })),
      zero: true,
    }),
  ]);
}

function exposureIn(run: SheetRun, { instruments }: SheetCurrency): Exposure {
  const { long, short } = holdingsOf({ ...run, prices: run.prices.filter(({ instrumentID }) => instruments.includes(instrumentID)) });
  return exposureOf(long, short, run.equity);
}

function currencyTable(all: readonly InUse[], base: string): Html {
  return scrolling(
    'What each currency made, table',
    html`<table>
      <caption class="unseen">
        What each currency made
      </caption>
      <thead>
        <tr>
          <th scope="col">currency</th>
          <th scope="col">instruments</th>
          <th scope="col" class="number">PnL in it</th>
          <th scope="col" class="number">PnL, ${base}</th>
          <th scope="col" class="number">of which rates</th>
          <th scope="col" class="number">fees in it</th>
          <th scope="col" class="number">mean exposure</th>
          <th scope="col" class="number">most</th>
        </tr>
      </thead>
      <tbody>
        ${all.map(
          ({ currency, instruments, pnl, pnlInBase, fromRates, fees, exposure }) =>
            html`<tr>
              <th scope="row">${currency}</th>
              <td>${instruments.length === 0 ? 'none' : instruments.join(', ')}</td>
              <td class="number">${figure(`pnl${currency}`, pnl, signed(pnl, 2))}</td>
              <td class="number">${figure(`pnlInBase${currency}`, pnlInBase, signed(pnlInBase, 2))}</td>
              <td class="number">${figure(`fromRates${currency}`, fromRates, signed(fromRates, 2))}</td>
              <td class="number">${fixed(fees, 2)}</td>
              <td class="number">${figure(`exposure${currency}`, exposure.meanGross, percent(exposure.meanGross, 2))}</td>
              <td class="number">${percent(exposure.maxGross, 2)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}
