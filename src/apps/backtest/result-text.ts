import { createHash } from 'node:crypto';
import { formatDecimal } from '../../base/decimal.ts';
import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { BacktestResult, EquityCurve } from '../../ports/backtest.ts';
import { resultScale } from './run-record.ts';

/** A decimal as the JSON number that its digits spell, where JSON.stringify would go through a double. */
interface Spelled {
  readonly spelled: string;
}
type Field = string | number | null | Spelled;

function row(fields: Readonly<Record<string, Field>>): string {
  const parts = Object.entries(fields).map(([name, value]) => `"${name}":${fieldText(value)}`);
  return `{${parts.join(',')}}`;
}

function fieldText(value: Field): string {
  return typeof value === 'object' && value !== null ? value.spelled : JSON.stringify(value);
}

function spelled(decimal: string): Spelled {
  return { spelled: decimal };
}

function orNull(decimal: string | null): Field {
  return decimal === null ? null : spelled(decimal);
}

function timeText(at: number): string {
  return isoFromMicros(microsUnchecked(at));
}

type Lists = Pick<BacktestResult, 'trades' | 'orders' | 'denials' | 'equity'>;

function tradeRows({ trades }: Lists): string[] {
  return trades.map(({ qty, entryTime, entryPx, exitTime, exitPx, fees, pnl, instrumentID, side, reason }) =>
    row({
      instrumentID,
      side,
      qty: spelled(qty),
      entryTime: timeText(entryTime),
      entryPx: spelled(entryPx),
      exitTime: timeText(exitTime),
      exitPx: spelled(exitPx),
      fees: spelled(fees),
      pnl: spelled(pnl),
      reason,
    }),
  );
}

function orderRows({ orders }: Lists): string[] {
  return orders.map((order) => {
    const { no, replaces, instrumentID, side, ordType, timeInForce, qty, price, stopPx, time, reason, ordStatus, cumQty, endTime } = order;
    return row({
      no,
      replaces,
      instrumentID,
      side,
      ordType,
      timeInForce,
      qty: spelled(qty),
      price: orNull(price),
      stopPx: orNull(stopPx),
      time: timeText(time),
      reason,
      ordStatus,
      cumQty: spelled(cumQty),
      endTime: endTime === null ? null : timeText(endTime),
    });
  });
}

function denialRows({ denials }: Lists): string[] {
  return denials.map(({ instrumentID, code, time, value, limit, count }) =>
    row({ instrumentID, code, time: timeText(time), value, limit, count }),
  );
}

function equityRows({ time, value }: EquityCurve): string[] {
  return Array.from(time, (at, i) => `["${timeText(at)}",${formatDecimal(value[i], resultScale)}]`);
}

interface Rows {
  readonly trades: readonly string[];
  readonly orders: readonly string[];
  readonly denials: readonly string[];
  readonly equity: readonly string[];
}

/** A result's rows are wanted twice, for its digest and for its JSON. */
const known = new WeakMap<EquityCurve, Rows>();

function rowsOf(lists: Lists): Rows {
  const before = known.get(lists.equity);
  if (before !== undefined) return before;
  const rows = { trades: tradeRows(lists), orders: orderRows(lists), denials: denialRows(lists), equity: equityRows(lists.equity) };
  known.set(lists.equity, rows);
  return rows;
}

/** SHA-256 over the rows of trades, orders, denials and equity as the result's JSON has them, each ended by a line feed; hex. */
export function resultHash(lists: Lists): string {
  const hash = createHash('sha256');
  const { trades, orders, denials, equity } = rowsOf(lists);
  for (const rows of [trades, orders, denials, equity]) hash.update(rows.map((one) => `${one}\n`).join('')).update('\n');
  return hash.digest('hex');
}

function list(rows: readonly string[]): string {
  return rows.length === 0 ? '[]' : `[\n${rows.join(',\n')}\n]`;
}

/** The result as JSON: one row per trade, order, denial and point of the equity; quantities, prices and money are exact numbers. */
export function resultJson(result: BacktestResult): string {
  const { strategy, version, params, runId, dataHash, metrics } = result;
  const { finalEquity, fees, traded, dividends, cashInLieu, rollFees, ...rest } = metrics;
  const paid = {
    ...(dividends === undefined || cashInLieu === undefined ? {} : { dividends, cashInLieu }),
    ...(rollFees === undefined ? {} : { rollFees }),
  };
  const numbers = Object.entries({ finalEquity, fees, traded, ...paid }).map(([name, text]) => `"${name}":${text}`);
  const { account } = result;
  const head = { strategy, version, params, runId, dataHash, resultHash: result.resultHash, ...(account === undefined ? {} : { account }) };
  const { trades, orders, denials, equity } = rowsOf(result);
  return [
    `${JSON.stringify(head).slice(0, -1)},`,
    `"metrics":{${numbers.join(',')},${JSON.stringify(rest).slice(1)},`,
    `"trades":${list(trades)},`,
    `"orders":${list(orders)},`,
    `"denials":${list(denials)},`,
    `"equity":${list(equity)}}`,
  ].join('\n');
}
