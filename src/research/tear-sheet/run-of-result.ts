import type {
  BacktestCosts,
  BacktestFill,
  BacktestOrder,
  BacktestResult,
  BarSeries,
  BarSet,
  CurrencyResult,
} from '../../ports/backtest.ts';
import { groupedDecimal } from './figure-text.ts';
import type { SheetCurrency, SheetFill, SheetPrices, SheetRun } from './sheet-run.ts';

/** What a result does not say about itself. */
export interface RunTerms {
  readonly bars: BarSet;
  readonly capital: string;
  readonly costs: BacktestCosts;
  /** More name-value pairs for the heading. */
  readonly terms?: readonly (readonly [name: string, value: string])[];
}

const microsOfMoney = 1_000_000;

/** A result kept with everything, as a tear sheet reads it. */
export function runOfResult(result: BacktestResult, { bars, capital, costs, terms = [] }: RunTerms): SheetRun {
  const { strategy, version, params, runId, dataHash, resultHash, metrics } = result;
  const unit = Number(bars.priceUnit);
  const [from, to] = [result.equity.time[0], result.equity.time[result.equity.time.length - 1]];
  return {
    kind: 'backtest',
    strategy: `${strategy} ${version}`,
    parameters: Object.entries(params).map(([name, value]) => [name, String(value)]),
    terms: [
      ['capital', `${groupedDecimal(capital)} ${bars.currency}`],
      ...costTerms(costs, bars.currency),
      ...fundingTerm(result, bars),
      ...(result.rates === undefined ? [] : [['rates', result.rates.join(', ')] as const]),
      ...terms,
    ],
    runId,
    dataHash,
    resultHash,
    currency: bars.currency,
    periodsPerYear: bars.periodsPerYear,
    instruments: bars.series.map(({ instrumentID }) => instrumentID),
    time: result.equity.time,
    equityMicros: result.equity.value,
    equity: result.equity.value.map((value) => value / microsOfMoney),
    finalEquity: metrics.finalEquity,
    trades: tradesOf(result),
    fills: fillsOf(result, bars, unit),
    ...(metrics.rollFees === undefined ? {} : { rollFees: Number(metrics.rollFees) }),
    prices: bars.series.map((one) => ({ ...pricesOf(one, unit, from, to), ...rateOf(one, result) })),
    ...(result.currencies === undefined ? {} : { currencies: result.currencies.map(currencyOf) }),
    denials: metrics.denied,
  };
}

function tradesOf({ trades, currencies, equity }: BacktestResult): SheetRun['trades'] {
  const rates = new Map(currencies?.map(({ currency, rate }) => [currency, rate]));
  return trades.map(({ qty, entryPx, exitPx, fees, pnl, pnlInBase, currency = '', ...rest }) => ({
    ...rest,
    qty: Number(qty),
    entryPx: Number(entryPx),
    exitPx: Number(exitPx),
    fees: Number(fees) * (rates.get(currency)?.[firstAtOrAfter(equity.time, rest.exitTime)] ?? 1),
    pnl: Number(pnlInBase ?? pnl),
  }));
}

function rateOf({ currency }: BarSeries, { currencies }: BacktestResult): Pick<SheetPrices, 'toBase'> {
  const found = currency === undefined ? undefined : currencies?.find((one) => one.currency === currency);
  return found === undefined ? {} : { toBase: found.rate };
}

function currencyOf({ currency, instruments, pnl, pnlInBase, fromRates, fees, traded }: CurrencyResult): SheetCurrency {
  const [own, inBase, rates, charged, turned] = [pnl, pnlInBase, fromRates, fees, traded].map(Number);
  return { currency, instruments, pnl: own, pnlInBase: inBase, fromRates: rates, fees: charged, traded: turned };
}

function fundingTerm({ metrics: { funding } }: BacktestResult, { currency }: BarSet): (readonly [string, string])[] {
  return funding === undefined ? [] : [['funding got less paid', `${groupedDecimal(funding)} ${currency}`]];
}

export function costTerms({ fees, slippage, maxParticipationBps }: BacktestCosts, currency: string): (readonly [string, string])[] {
  return [
    ['fees', feeText(fees, currency)],
    ['slippage', slippageText(slippage)],
    ['participation', maxParticipationBps === 'unlimited' ? 'unlimited' : `at most ${maxParticipationBps / 100} % of a bar`],
  ];
}

function feeText(fees: BacktestCosts['fees'], currency: string): string {
  const bps = (rate: number): string => `${rate / 10_000} bps`;
  switch (fees.kind) {
    case 'none':
      return 'none';
    case 'bps':
      return bps(fees.rate);
    case 'makerTaker':
      return `maker ${bps(fees.makerRate)}, taker ${bps(fees.takerRate)}`;
    case 'perShare':
      return `${fees.moneyPerLot / microsOfMoney} ${currency} a lot`;
    case 'tiered':
      return `by monthly volume, from ${bps(fees.tiers[0]?.rate ?? 0)}`;
  }
}

function slippageText(slippage: BacktestCosts['slippage']): string {
  switch (slippage.kind) {
    case 'none':
      return 'none';
    case 'fixedBps':
      return `${slippage.rate / 10_000} bps`;
    case 'halfSpread':
      return `half a spread of ${slippage.ticks} price units`;
    case 'squareRoot':
      return 'square root of the share of volume';
  }
}

function pricesOf(
  { instrumentID, closeTime, close, multiplier, events = [] }: BarSeries,
  unit: number,
  from: number,
  to: number,
): SheetPrices {
  const [first, end] = [firstAtOrAfter(closeTime, from), firstAtOrAfter(closeTime, to + 1)];
  const splits = events.flatMap((event) =>
    event.kind === 'split' && event.at > from ? [{ time: event.at, numerator: event.numerator, denominator: event.denominator }] : [],
  );
  const prices = {
    instrumentID,
    time: closeTime.slice(first, end),
    close: close.slice(first, end).map((ticks) => ticks * unit),
    ...(multiplier === undefined ? {} : { multiplier: Number(multiplier) }),
  };
  return splits.length === 0 ? prices : { ...prices, splits };
}

function fillsOf({ fills, orders }: BacktestResult, bars: BarSet, unit: number): SheetFill[] {
  const seriesOf = new Map(bars.series.map((one) => [one.instrumentID, one]));
  const orderOf = new Map(orders.map((order) => [order.no, order]));
  return fills.map((fill) => {
    const { instrumentID, side, qty, px, time, fee, toBase = 1 } = fill;
    const series = seriesOf.get(instrumentID);
    const reference = series === undefined ? undefined : referencePx(fill, orderOf.get(fill.order), series, unit);
    const worse = reference === undefined ? 0 : (side === 'buy' ? 1 : -1) * (Number(px) - reference);
    const perPoint = Number(qty) * Number(series?.multiplier ?? 1);
    // below half a price unit it is the rounding of the fill price
    const slippage = worse > unit / 2 ? worse * perPoint * toBase : 0;
    const money = { fee: Number(fee) * toBase, notional: perPoint * Number(px) * toBase, slippage };
    return { instrumentID, side, qty: Number(qty), px: Number(px), time, ...money };
  });
}

/**
 * What the fill would have got without slippage, currency units: the open for a market order and for what a triggered stop left over, the worse of open
 * and stop in the bar that triggers it; `undefined` for a limit, which does not slip.
 */
function referencePx(fill: BacktestFill, order: BacktestOrder | undefined, series: BarSeries, unit: number): number | undefined {
  if (order === undefined || order.price !== null) return undefined;
  const bar = firstAtOrAfter(series.closeTime, fill.time);
  const open = series.open[bar] * unit;
  if (order.stopPx === null || triggerBar(order, series, unit) !== bar) return open;
  return fill.side === 'sell' ? Math.min(open, Number(order.stopPx)) : Math.max(open, Number(order.stopPx));
}

function triggerBar({ stopPx, side, time }: BacktestOrder, series: BarSeries, unit: number): number {
  const stop = Math.round(Number(stopPx) / unit);
  let bar = firstAtOrAfter(series.closeTime, time + 1);
  while (bar < series.closeTime.length && (side === 'sell' ? series.low[bar] > stop : series.high[bar] < stop)) bar++;
  return bar;
}

function firstAtOrAfter(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
