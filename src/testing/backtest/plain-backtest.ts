import { hex, sha256 } from '../../base/sha256.ts';
import { micros } from '../../base/units.ts';
import { utf8Encode } from '../../base/utf8.ts';
import type { BacktestRequest, BacktestResult, BarSeries, BarSet, RunBacktest } from '../../ports/backtest.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { maxDrawdown } from '../../quant/performance/drawdown.ts';
import { sharpeRatio, simpleReturns } from '../../quant/performance/sharpe.ts';
import { BarDesk, barOf, barVenueOf } from './bar-desk.ts';

/** Whole millionths per unit of currency. */
const million = 1_000_000;

/** A `RunBacktest` over the bar desk of the tests (venue and strategy, no core and no gate); trades and orders are not listed, fees are bps. */
export function plainBacktest(definitions: readonly StrategyDefinition[] = []): RunBacktest {
  return (request) => {
    const definition = request.definition ?? definitions.find(({ name }) => name === request.strategy);
    if (definition === undefined) throw new RangeError(`strategy ${request.strategy}: unknown`);
    const parsed = definition.parse(request.parameters);
    if (!parsed.ok) throw new RangeError(parsed.error.join('; '));
    const { fees, slippage } = request.costs;
    const ids = request.bars.series.map(({ instrumentID }) => instrumentID);
    const venue = barVenueOf(ids, { ...(fees.kind === 'bps' ? { fees } : {}), slippage });
    const desk = new BarDesk(ids, venue, definition.create(parsed.value), Number(request.capital));
    const curve = runOver(desk, request);
    return resultOf(request, definition, parsed.value, desk, curve);
  };
}

function runOver(desk: BarDesk, { bars, from = micros(0), to = micros(Number.MAX_SAFE_INTEGER) }: BacktestRequest): [number, number][] {
  const curve: [number, number][] = [];
  const rows = bars.series.map(() => 0);
  for (;;) {
    const at = Math.min(...bars.series.map(({ closeTime }, i) => closeTime[rows[i]] ?? Infinity));
    if (at > to) return curve;
    const seen = bars.series.flatMap((series, listing) => {
      if (series.closeTime[rows[listing]] !== at) return [];
      const row = rows[listing]++;
      const { open, high, low, close, volume } = series;
      return [barOf(listing, micros(at), [open[row], high[row], low[row], close[row]], volume[row])];
    });
    if (at < from) continue;
    desk.close(micros(at), seen);
    curve.push([at, Number(desk.equity())]);
  }
}

function resultOf(
  request: BacktestRequest,
  definition: StrategyDefinition,
  params: BacktestResult['params'],
  desk: BarDesk,
  curve: readonly (readonly [number, number])[],
): BacktestResult {
  if (curve.length === 0) throw new RangeError('expected bars between from and to, were none');
  const value = Float64Array.from(curve, ([, worth]) => worth);
  const returns = simpleReturns(value) ?? [];
  const { bars, seed, from, to, capital, costs } = request;
  const { name, version } = definition;
  const identity = JSON.stringify([name, version, params, bars.dataHash, from, to, capital, costs, seed]);
  return {
    strategy: name,
    version,
    params,
    runId: hex(sha256(utf8Encode(identity))),
    dataHash: bars.dataHash,
    resultHash: '',
    trades: [],
    orders: [],
    fills: [],
    denials: [],
    equity: { time: Float64Array.from(curve, ([at]) => at), value },
    metrics: {
      bars: bars.series.reduce((sum, { closeTime }) => sum + closeTime.length, 0),
      dates: curve.length,
      trades: Math.floor(desk.fills.length / 2),
      orders: desk.fills.length,
      fills: desk.fills.length,
      denied: 0,
      finalEquity: (value[value.length - 1] / million).toFixed(6),
      fees: '0',
      traded: String(desk.fills.reduce((sum, { report }) => sum + (report.lastQty * report.lastPx) / million, 0)),
      totalReturn: value[value.length - 1] / million / Number(capital) - 1,
      sharpe: sharpeRatio(returns, bars.periodsPerYear) ?? null,
      maxDrawdown: maxDrawdown(value),
      winRate: null,
      exits: {},
    },
  };
}

/** A set of daily bars from closes in currency units; a bar opens at the last close, and its range reaches a little beyond both. */
export function barSetOf(closes: Readonly<Record<string, readonly number[]>>, dataHash = 'test', firstDay = 10_959): BarSet {
  const series = Object.entries(closes).map(([instrumentID, values]): BarSeries => {
    const close = Float64Array.from(values, (value) => Math.round(value * million));
    const open = Float64Array.from(close, (value, i) => (i === 0 ? value : close[i - 1]));
    return {
      instrumentID,
      closeTime: Float64Array.from(values, (_, i) => (firstDay + i) * 86_400_000_000 + 75_600_000_000),
      open,
      high: Float64Array.from(close, (value, i) => Math.round(Math.max(value, open[i]) * 1.002)),
      low: Float64Array.from(close, (value, i) => Math.round(Math.min(value, open[i]) * 0.998)),
      close,
      volume: new Float64Array(values.length).fill(10_000_000),
    };
  });
  return { series, dataHash, currency: 'USD', priceUnit: '0.000001', periodsPerYear: 252 };
}

export const freeCosts = { fees: { kind: 'none' }, slippage: { kind: 'none' }, maxParticipationBps: 1_000 } as const;
