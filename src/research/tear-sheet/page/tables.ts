import type { Drawdown } from '../../../quant/performance/drawdown.ts';
import { MICROS_PER_DAY } from '../../../base/time.ts';
import { fixed, percent, signed, signedPercent, timeText } from '../figure-text.ts';
import type { ReturnYear } from '../monthly-returns.ts';
import type { SheetTable, SheetTrade } from '../sheet-run.ts';
import { figure, html, type Html } from './html.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Shades of a gain or a loss; the sign stands in the cell, too. */
const shades = 4;

/** A table that scrolls by itself where it is wider than the page, also by keyboard. */
export function scrolling(label: string, table: Html): Html {
  return html`<div class="wide-table" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}

export function monthTable(calendar: readonly ReturnYear[]): Html {
  const all = calendar.flatMap(({ months: of }) => of.filter((value) => value !== undefined));
  const largest = Math.max(...all.map(Math.abs), 1e-9);
  return scrolling(
    'Return by month and year, table',
    html`<table class="months">
      <caption class="unseen">
        Return by month and year, percent
      </caption>
      <thead>
        <tr>
          <th scope="col">year</th>
          ${months.map((name) => html`<th scope="col" class="number">${name}</th>`)}
          <th scope="col" class="number">year</th>
        </tr>
      </thead>
      <tbody>
        ${calendar.map(
          ({ year, months: of, total }) =>
            html`<tr>
              <th scope="row">${year}</th>
              ${of.map((value) => (value === undefined ? html`<td class="number"></td>` : html`<td class="number ${shade(value, largest)}">${signed(value * 100, 2)}</td>`))}
              <td class="number total">${figure(`return${year}`, total, signed(total * 100, 2))}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

function shade(value: number, largest: number): string {
  const level = Math.ceil((Math.abs(value) / largest) * shades);
  if (level === 0 || !/[1-9]/.test((value * 100).toFixed(2))) return 'nil';
  return `${value > 0 ? 'gain' : 'loss'}-${level}`;
}

export function drawdownTable(worst: readonly Drawdown[], time: ArrayLike<number>, daily: boolean): Html {
  if (worst.length === 0) return html`<p>There was no drawdown.</p>`;
  const days = (from: number, to: number): string => fixed((time[to] - time[from]) / MICROS_PER_DAY, 0);
  const last = time.length - 1;
  return scrolling(
    'Deepest drawdowns, table',
    html`<table class="dates">
      <caption class="unseen">
        The ${worst.length} deepest drawdowns
      </caption>
      <thead>
        <tr>
          <th scope="col" class="number">rank</th>
          <th scope="col" class="number">depth</th>
          <th scope="col">peak</th>
          <th scope="col">trough</th>
          <th scope="col">recovered</th>
          <th scope="col" class="number">days down</th>
          <th scope="col" class="number">days to recover</th>
          <th scope="col" class="number">days in all</th>
        </tr>
      </thead>
      <tbody>
        ${worst.map(
          ({ peak, trough, recovery, depth }, i) =>
            html`<tr>
              <th scope="row" class="number">${i + 1}</th>
              <td class="number">${figure(`drawdown${i + 1}`, depth, percent(depth, 2))}</td>
              <td>${timeText(time[peak], daily)}</td>
              <td>${timeText(time[trough], daily)}</td>
              <td>${recovery === undefined ? 'not by the end' : timeText(time[recovery], daily)}</td>
              <td class="number">${days(peak, trough)}</td>
              <td class="number">${recovery === undefined ? `> ${days(trough, last)}` : days(trough, recovery)}</td>
              <td class="number">${recovery === undefined ? `> ${days(peak, last)}` : days(peak, recovery)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

export function tradeTable(caption: string, trades: readonly SheetTrade[], daily: boolean): Html {
  return scrolling(
    caption,
    html`<table class="trades">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">instrument</th>
          <th scope="col">side</th>
          <th scope="col" class="number">quantity</th>
          <th scope="col">entry</th>
          <th scope="col" class="number">at</th>
          <th scope="col">exit</th>
          <th scope="col" class="number">at</th>
          <th scope="col">reason</th>
          <th scope="col" class="number">move</th>
          <th scope="col" class="number">fees</th>
          <th scope="col" class="number">PnL</th>
        </tr>
      </thead>
      <tbody>
        ${trades.map(
          (trade) =>
            html`<tr>
              <th scope="row">${trade.instrumentID}</th>
              <td>${trade.side}</td>
              <td class="number">${fixed(trade.qty, 0)}</td>
              <td>${timeText(trade.entryTime, daily)}</td>
              <td class="number">${priceText(trade.entryPx)}</td>
              <td>${timeText(trade.exitTime, daily)}</td>
              <td class="number">${priceText(trade.exitPx)}</td>
              <td>${trade.reason}</td>
              <td class="number">
                ${signedPercent(((trade.side === 'long' ? 1 : -1) * (trade.exitPx - trade.entryPx)) / trade.entryPx, 2)}
              </td>
              <td class="number">${fixed(trade.fees, 2)}</td>
              <td class="number">${signed(trade.pnl, 2)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

export function priceText(price: number): string {
  return fixed(price, Math.abs(price) < 1 ? 6 : Math.abs(price) < 10 ? 4 : 2);
}

/** A table handed in with a run, texts as they are. */
export function plainTable({ title, columns, rows }: SheetTable): Html {
  const look = (column: number): string => (columns[column]?.number === true ? 'number' : '');
  return scrolling(
    `${title}, table`,
    html`<table>
      <caption class="unseen">
        ${title}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ name }, i) => html`<th scope="col" class="${look(i)}">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((text, i) => (i === 0 ? html`<th scope="row" class="${look(i)}">${text}</th>` : html`<td class="${look(i)}">${text}</td>`))}
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}
