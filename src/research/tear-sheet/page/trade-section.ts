import { timeChart, type TimeMark } from '../charts/time-chart.ts';
import { dateText, fixed, signed } from '../figure-text.ts';
import type { SheetPrices, SheetRun, SheetTrade } from '../sheet-run.ts';
import type { TearSheet } from '../tear-sheet.ts';
import { html, type Html } from './html.ts';
import { section } from './result-sections.ts';
import { priceText, tradeTable } from './tables.ts';

/** Instruments drawn, trades drawn on each, trades in the best and worst tables, and trades in the full list. */
const [drawnInstruments, drawnTrades, extremeTrades, listedTrades] = [3, 150, 5, 200];

export function tradeSection({ run }: TearSheet, daily: boolean): Html {
  if (run.trades.length === 0) return section('trades', 'Trades', html`<p>There was no round trip.</p>`);
  const byPnl = [...run.trades].sort((a, b) => b.pnl - a.pnl);
  const many = Math.min(extremeTrades, Math.floor(run.trades.length / 2));
  return section('trades', 'Trades', [
    ...busiest(run).map((prices) => priceChart(prices, run, daily)),
    many === 0
      ? html``
      : html`<div>
          ${tradeTable(`The ${many} best round trips`, byPnl.slice(0, many), daily)}${tradeTable(`The ${many} worst round trips`, byPnl.slice(-many).reverse(), daily)}
        </div>`,
    tradeList(run, daily),
  ]);
}

/** Instruments with the most round trips; among equals the first by name. */
function busiest({ prices, trades }: SheetRun): readonly SheetPrices[] {
  const counts = new Map<string, number>();
  for (const { instrumentID } of trades) counts.set(instrumentID, (counts.get(instrumentID) ?? 0) + 1);
  return prices
    .filter(({ instrumentID, time }) => counts.has(instrumentID) && time.length > 1)
    .sort((a, b) => (counts.get(b.instrumentID) ?? 0) - (counts.get(a.instrumentID) ?? 0) || (a.instrumentID < b.instrumentID ? -1 : 1))
    .slice(0, drawnInstruments);
}

function priceChart({ instrumentID, time, close }: SheetPrices, run: SheetRun, daily: boolean): Html {
  const trades = run.trades.filter((trade) => trade.instrumentID === instrumentID);
  const drawn = [...trades].sort((a, b) => Math.abs(b.pnl) - Math.abs(a.pnl)).slice(0, drawnTrades);
  const pnl = trades.reduce((sum, trade) => sum + trade.pnl, 0);
  const some = drawn.length < trades.length ? ` Drawn are the ${drawn.length} with the largest PnL either way.` : '';
  return timeChart({
    id: `price-${instrumentID.replace(/[^A-Za-z0-9]/g, '-')}`,
    title: `Trades on ${instrumentID}`,
    text: `${trades.length} round trip${trades.length === 1 ? '' : 's'}, PnL ${signed(pnl, 0)} ${run.currency} in all; closes as the run saw them (adjusted where the data is).${some}`,
    spoken: `${trades.length} round trips, PnL ${fixed(pnl, 0)} ${run.currency}.`,
    height: 220,
    unit: 'price',
    daily,
    time,
    lines: [{ name: 'close', look: 'third', values: close }],
    marks: drawn.flatMap(marksOf),
  });
}

function marksOf(trade: SheetTrade): TimeMark[] {
  const name = `${trade.side} ${fixed(trade.qty, 0)}`;
  return [
    {
      time: trade.entryTime,
      value: trade.entryPx,
      shape: trade.side === 'long' ? 'up' : 'down',
      title: `${dateText(trade.entryTime)}: ${name} at ${priceText(trade.entryPx)}`,
    },
    {
      time: trade.exitTime,
      value: trade.exitPx,
      shape: trade.pnl > 0 ? 'gain' : 'loss',
      title: `${dateText(trade.exitTime)}: ${trade.reason} exit at ${priceText(trade.exitPx)}, PnL ${signed(trade.pnl, 2)}`,
    },
  ];
}

function tradeList(run: SheetRun, daily: boolean): Html {
  const listed = run.trades.slice(-listedTrades);
  const title =
    listed.length === run.trades.length
      ? `All ${listed.length} round trips`
      : `The last ${listed.length} of ${run.trades.length} round trips`;
  return html`<details>
    <summary>${title}</summary>
    ${tradeTable(`${title}, in the order of their exits`, listed, daily)}
  </details>`;
}
