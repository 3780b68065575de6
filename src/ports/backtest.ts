import type { Micros } from '../base/units.ts';
import type { AssetClass } from '../domain/instrument.ts';
import type { DenialCode } from '../domain/denial.ts';
import type { LimitKey } from '../domain/limit.ts';
import type { OrdStatus, OrdType, Side, TimeInForce } from '../domain/order.ts';
import type { ParameterValues, StrategyDefinition } from './strategy.ts';

/** Bars of one instrument, oldest first: prices in whole `priceUnit`, volume in whole lots of its set. */
export interface BarSeries {
  readonly instrumentID: string;
  /** When each bar closed and was known, UTC microseconds, rising. */
  readonly closeTime: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** Session date of each bar, days since 1970-01-01; the UTC date of its close when absent. */
  readonly day?: Int32Array;
  /** Decimal, money per unit of price and lot (50 for an E-mini); `1` when absent. */
  readonly multiplier?: string;
  /** What moves cash and shares besides fills, rising by `at`; none where the prices have it already. */
  readonly events?: readonly SeriesEvent[];
  /** Of prices, PnL and fees; that of the set when absent. */
  readonly currency?: string;
  /** That of the set when absent. */
  readonly assetClass?: AssetClass;
}

/** What a unit of one currency was worth in another: each rate is known from its time on, until the next. */
export interface RateSeries {
  /** As the data name it: `EURUSD`. */
  readonly rateID: string;
  readonly base: string;
  readonly quote: string;
  /** Close times, rising, UTC microseconds. */
  readonly time: Float64Array;
  /** Whole 10^-6 of the quote currency for one of the base currency, above 0. */
  readonly rate: Float64Array;
}

/** How a run of several currencies counts them together. */
export interface Conversion {
  readonly rates: readonly RateSeries[];
  /** A rate that is older says nothing about now, microseconds. */
  readonly maxAge: number;
}

/**
 * What happens to a holder at `at`. At the beginning of an ex-date, before its bar: new lots for old ones, money for each lot (whole price units), or a new name.
 * Funding, after a bar that closes then: `rate` in 10^-8 of what is held at its last close, paid by longs to shorts where it is positive.
 */
export type SeriesEvent =
  | { readonly kind: 'split'; readonly at: number; readonly numerator: number; readonly denominator: number; readonly text: string }
  | { readonly kind: 'dividend'; readonly at: number; readonly perLot: number; readonly text: string }
  | { readonly kind: 'tickerChange'; readonly at: number; readonly text: string }
  | { readonly kind: 'funding'; readonly at: number; readonly rate: number; readonly text: string }
  | SeriesRoll;

/** The contract behind a continuous series changes: who holds sells one and buys the next, at prices of the contracts. */
export interface SeriesRoll {
  readonly kind: 'roll';
  readonly at: number;
  /** Whole price units, of the old contract and of the new one. */
  readonly fromPx: number;
  readonly toPx: number;
  /** The series jumps by the difference; else its earlier prices have it. */
  readonly jumps: boolean;
  readonly text: string;
}

/** Bars in memory, loaded once and shared by many runs; nobody writes into them. */
export interface BarSet {
  /** The universe of the strategy, in this order (pairs: A, B, then the next two). */
  readonly series: readonly BarSeries[];
  /** Digest of what is in the series, hex. */
  readonly dataHash: string;
  /** Of the run: capital, equity and limits count in it. */
  readonly currency: string;
  /** There where an instrument is quoted in another one; `dataHash` covers its rates. */
  readonly conversion?: Conversion;
  /** `0.000001` for adjusted prices. */
  readonly priceUnit: string;
  /** Quantity of one lot; `1` when absent. */
  readonly lot?: string;
  /** `equity` when absent. */
  readonly assetClass?: AssetClass;
  /** Bars are shorter than a day: DAY orders live to the last of their session's bars. */
  readonly intraday?: boolean;
  /** Points of the equity in a year: 252 for daily sessions. */
  readonly periodsPerYear: number;
}

/**
 * What a fill costs, rounded half-even to the cent per fill. Rates in 10^-8 of the notional (1 bps = 10,000), negative pays a rebate. `perShare`: whole
 * 10^-6 of the currency per lot. `tiered`: by what was traded in the calendar month before the fill, from whole currency units on; the first tier starts
 * at 0. `makerTaker`: limits that rested for a bar are makers.
 */
export type BacktestFees =
  | { readonly kind: 'none' }
  | { readonly kind: 'bps'; readonly rate: number }
  | { readonly kind: 'makerTaker'; readonly makerRate: number; readonly takerRate: number }
  | { readonly kind: 'perShare'; readonly moneyPerLot: number }
  | { readonly kind: 'tiered'; readonly tiers: readonly { readonly fromNotional: number; readonly rate: number }[] };

/** How far market orders and stops trade from the price that the bar shows; `fixedBps` in 10^-8 of the price, `halfSpread` in price units. */
export type BacktestSlippage =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixedBps'; readonly rate: number }
  | { readonly kind: 'halfSpread'; readonly ticks: number }
  | { readonly kind: 'squareRoot' };

/** A limit of the gate from the first bar on, in the unit of its name. */
export interface BacktestLimit extends LimitKey {
  readonly value: number;
}

export interface BacktestCosts {
  readonly fees: BacktestFees;
  readonly slippage: BacktestSlippage;
  /** Most of a bar's volume that one order takes, bps, 1…10,000; `unlimited` where bars have no volume. */
  readonly maxParticipationBps: number | 'unlimited';
}

/** An account in another currency than its instruments: what they made is converted at each point, the capital stays where it is. */
export interface AccountCurrency {
  readonly currency: string;
  /** Instrument whose closes are the rate, and whether they are account currency per unit of the run's currency or the other way round (`inverted`). */
  readonly rateID: string;
  readonly inverted: boolean;
  /** Close times, rising, and closes in whole 10^-6. */
  readonly time: Float64Array;
  readonly rate: Float64Array;
}

/** A backtest as it is asked for. The same request gives the same result, to the last byte. */
export interface BacktestRequest {
  /** A registered name: mean-reversion, pairs, moving-average. */
  readonly strategy: string;
  /** Takes the place of the registered one (tests, planted leaks, own strategies). */
  readonly definition?: StrategyDefinition;
  readonly parameters: ParameterValues;
  readonly bars: BarSet;
  /** Close times of the first and last bars that the run sees, both included; all when absent. */
  readonly from?: Micros;
  readonly to?: Micros;
  /** Decimal, currency units of the account. */
  readonly capital: string;
  /** The account's currency where it is not that of the bars: capital, equity and what follows from it are in this one, trades and fees in that of the bars. */
  readonly account?: AccountCurrency;
  readonly costs: BacktestCosts;
  readonly seed: number;
  /** Limits of the risk gate; wide open where there is none. */
  readonly limits?: readonly BacktestLimit[];
  /** `equity`: no trades, orders and fills in the result, for sweeps; its figures are the same. */
  readonly keep: 'everything' | 'equity';
}

/**
 * A round trip: one match of an entry fill with an exit fill, first in, first out. Quantity, prices (currency units) and money are exact decimals. A fill's
 * time is the close of the bar that it happened in.
 */
export interface BacktestTrade {
  readonly instrumentID: string;
  readonly side: 'long' | 'short';
  readonly qty: string;
  readonly entryTime: Micros;
  readonly entryPx: string;
  readonly exitTime: Micros;
  readonly exitPx: string;
  /** Of both fills, as far as they belong to this match. */
  readonly fees: string;
  /** Net of fees. */
  readonly pnl: string;
  /** That of the order that closed it. */
  readonly reason: string;
  /** In a run of several currencies: that of the money above, and what the PnL was worth in the run's at its exit. */
  readonly currency?: string;
  readonly pnlInBase?: string;
}

/** An order that passed the gate. Prices and quantities are exact decimals, null = there is none. */
export interface BacktestOrder {
  /** From 1, in the order of sending, and the one whose place it took; null = none. */
  readonly no: number;
  readonly replaces: number | null;
  readonly instrumentID: string;
  readonly side: Side;
  readonly ordType: OrdType;
  readonly timeInForce: TimeInForce;
  readonly qty: string;
  readonly price: string | null;
  readonly stopPx: string | null;
  readonly time: Micros;
  readonly reason: string;
  ordStatus: OrdStatus;
  cumQty: string;
  /** When it ended; null = it works still. */
  endTime: Micros | null;
}

/** A fill as it was booked; exact decimals. Its time is the close of the bar that it happened in. */
export interface BacktestFill {
  /** `no` of its order. */
  readonly order: number;
  readonly instrumentID: string;
  readonly side: Side;
  readonly qty: string;
  readonly px: string;
  readonly time: Micros;
  /** Negative is a rebate. */
  readonly fee: string;
  /** In a run of several currencies: the run's for one of the instrument's at the fill, nearest double. */
  readonly toBase?: number;
}

/**
 * What a run made in one of its currencies; exact decimals. `pnl` in the currency itself, `pnlInBase` what that was worth at the end, of which `fromRates` is what rates
 * made of it between the points of the equity: the rest was made in the currency, at the rates of its time.
 */
export interface CurrencyResult {
  readonly currency: string;
  readonly instruments: readonly string[];
  readonly pnl: string;
  readonly pnlInBase: string;
  readonly fromRates: string;
  /** In the currency itself. */
  readonly fees: string;
  readonly traded: string;
  /** The run's currency for one of this at each point of the equity, nearest doubles; NaN before its first bar. */
  readonly rate: Float64Array;
}

/** What the gate denied, each kind once per instrument, with the numbers of its first time. */
export interface BacktestDenial {
  readonly instrumentID: string;
  readonly code: DenialCode;
  readonly time: Micros;
  readonly value: number;
  readonly limit: number;
  count: number;
}

/** One point per date on which any instrument of the run had a bar, marked at the close, others at their last close. */
export interface EquityCurve {
  /** Close times, UTC microseconds. */
  readonly time: Float64Array;
  /** Whole 10^-6 of the currency. */
  readonly value: Float64Array;
}

export interface BacktestMetrics {
  readonly bars: number;
  readonly dates: number;
  readonly trades: number;
  readonly orders: number;
  readonly fills: number;
  readonly denied: number;
  /** Decimals of the run's currency, six places; what was in another one at the rates of its time. */
  readonly finalEquity: string;
  readonly fees: string;
  /** Sum of |quantity x price| over the fills. */
  readonly traded: string;
  /** Dividends that longs got less those that shorts paid, and cash for fractions of lots that splits left; there where the run has such events. */
  readonly dividends?: string;
  readonly cashInLieu?: string;
  /** Got from funding less what was paid; there where the run has such rates. */
  readonly funding?: string;
  /** Fees of both sides of the rolls of what was held; they are in `fees` too. */
  readonly rollFees?: string;
  /** A fraction of the capital. */
  readonly totalReturn: number;
  /** mean / sd (n - 1) x sqrt(periods per year) of the returns between points, risk-free 0; null where they do not vary. */
  readonly sharpe: number | null;
  readonly maxDrawdown: number;
  /** Trades with a pnl above 0; null without trades. */
  readonly winRate: number | null;
  /** Trades by the reason of their exit. */
  readonly exits: Readonly<Record<string, number>>;
}

export interface BacktestResult {
  readonly strategy: string;
  readonly version: string;
  readonly params: ParameterValues;
  /** SHA-256 over what identifies the run: strategy and version, parameters, data, dates, capital, costs, limits, seed and code; hex. */
  readonly runId: string;
  readonly dataHash: string;
  /** Of an account in another currency than its instruments. */
  readonly account?: { readonly currency: string; readonly tradesIn: string; readonly rate: string };
  /** Of a run of several currencies: that of its capital and equity, the rates that it used, and what it made in each currency, its own first. */
  readonly base?: string;
  readonly rates?: readonly string[];
  readonly currencies?: readonly CurrencyResult[];
  /** SHA-256 over trades, orders, denials and equity, hex; '' where they were not kept. */
  readonly resultHash: string;
  readonly trades: readonly BacktestTrade[];
  readonly orders: readonly BacktestOrder[];
  /** In the order of booking. They follow from trades and orders and are in no hash. */
  readonly fills: readonly BacktestFill[];
  readonly denials: readonly BacktestDenial[];
  readonly equity: EquityCurve;
  readonly metrics: BacktestMetrics;
}

/**
 * Runs one backtest on core, gate, ledger, order table and bar venue of the desk; synchronous, so that a worker can run many in a loop.
 * @throws RangeError with a sentence when the request cannot be run: unknown strategy or parameter, no bars, impossible costs
 */
export type RunBacktest = (request: BacktestRequest) => BacktestResult;
