import { createHash } from 'node:crypto';
import { formatDecimal } from '../../base/decimal.ts';
import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { BacktestDenial, BacktestOrder, BacktestResult, BacktestTrade, CurrencyResult, EquityCurve } from '../../ports/backtest.ts';
import { resultScale } from './listing-scale.ts';

type Lists = Pick<BacktestResult, 'trades' | 'orders' | 'denials' | 'equity'>;

/** A text as JSON. Of a decimal's text no JSON is made: its digits stand as they are, where a number would go through a double. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function timeText(at: number): string {
  return `"${isoFromMicros(microsUnchecked(at))}"`;
}

function tradeRow(trade: BacktestTrade): string {
  const { instrumentID, side, qty, entryTime, entryPx, exitTime, exitPx, fees, pnl, reason, currency, pnlInBase } = trade;
  const inBase = currency === undefined ? '' : `,"currency":${quoted(currency)},"pnlInBase":${pnlInBase}`;
  const entry = `"entryTime":${timeText(entryTime)},"entryPx":${entryPx}`;
  const exit = `"exitTime":${timeText(exitTime)},"exitPx":${exitPx}`;
  return `{"instrumentID":${quoted(instrumentID)},"side":"${side}","qty":${qty},${entry},${exit},"fees":${fees},"pnl":${pnl},"reason":${quoted(reason)}${inBase}}`;
}

function orderRow(order: BacktestOrder): string {
  const { no, replaces, instrumentID, side, ordType, timeInForce, qty, price, stopPx, time, reason, ordStatus, cumQty, endTime } = order;
  const terms = `"side":"${side}","ordType":"${ordType}","timeInForce":"${timeInForce}","qty":${qty},"price":${price},"stopPx":${stopPx}`;
  const end = `"ordStatus":"${ordStatus}","cumQty":${cumQty},"endTime":${endTime === null ? null : timeText(endTime)}`;
  return `{"no":${no},"replaces":${replaces},"instrumentID":${quoted(instrumentID)},${terms},"time":${timeText(time)},"reason":${quoted(reason)},${end}}`;
}

function denialRow({ instrumentID, code, time, value, limit, count }: BacktestDenial): string {
  const found = `"value":${JSON.stringify(value)},"limit":${JSON.stringify(limit)}`;
  return `{"instrumentID":${quoted(instrumentID)},"code":${quoted(code)},"time":${timeText(time)},${found},"count":${count}}`;
}

function equityRows({ time, value }: EquityCurve): string[] {
  return Array.from(time, (at, i) => `[${timeText(at)},${formatDecimal(value[i], resultScale)}]`);
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
  const { trades, orders, denials, equity } = lists;
  const rows = { trades: trades.map(tradeRow), orders: orders.map(orderRow), denials: denials.map(denialRow), equity: equityRows(equity) };
  known.set(lists.equity, rows);
  return rows;
}

/** SHA-256 over the rows of trades, orders, denials and equity as the result's JSON has them, each ended by a line feed; hex. */
export function resultHash(lists: Lists): string {
  const hash = createHash('sha256');
  const { trades, orders, denials, equity } = rowsOf(lists);
  for (const rows of [trades, orders, denials, equity]) hash.update(rows.length === 0 ? '\n' : `${rows.join('\n')}\n\n`);
  return hash.digest('hex');
}

/** Its rates are in no row: they follow from the data. */
function currencyRow({ currency, instruments, pnl, pnlInBase, fromRates, fees, traded }: CurrencyResult): string {
  const money = `"pnl":${pnl},"pnlInBase":${pnlInBase},"fromRates":${fromRates},"fees":${fees},"traded":${traded}`;
  return `{"currency":${quoted(currency)},"instruments":${JSON.stringify(instruments)},${money}}`;
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
  const { account, base, rates } = result;
  const head = {
    strategy,
    version,
    params,
    runId,
    dataHash,
    resultHash: result.resultHash,
    ...(account === undefined ? {} : { account }),
    ...(base === undefined ? {} : { base, rates }),
  };
  const { trades, orders, denials, equity } = rowsOf(result);
  return [
    `${JSON.stringify(head).slice(0, -1)},`,
    ...(result.currencies === undefined ? [] : [`"currencies":${list(result.currencies.map(currencyRow))},`]),
    `"metrics":{${numbers.join(',')},${JSON.stringify(rest).slice(1)},`,
    `"trades":${list(trades)},`,
    `"orders":${list(orders)},`,
    `"denials":${list(denials)},`,
    `"equity":${list(equity)}}`,
  ].join('\n');
}
