import type { BacktestCosts, BacktestFees, BacktestMetrics, BacktestRequest, BarSet, RunBacktest } from '../ports/backtest.ts';
import type { ParameterValues } from '../ports/strategy.ts';

/** Something that a reader of a result must know to judge it. */
export interface HonestyNote {
  readonly code: 'SURVIVORS_ONLY' | 'CAP_ALWAYS_BINDS' | 'NO_COSTS' | 'COSTS_EAT_THE_EDGE' | 'NOT_ALL_COSTS_SCALED';
  readonly text: string;
}

/** Names that stop trading this long before the data ends count as gone (a holiday or a halt is shorter). */
const goneAfter = 10 * 86_400_000_000;

/**
 * Warns of a universe in which every name trades to the end of the data: whoever chose it knew who would be left. Undefined when a name ends earlier, or
 * there is no bar.
 */
export function survivorsOnly(bars: BarSet): HonestyNote | undefined {
  const ends = bars.series.flatMap(({ closeTime }) => (closeTime.length === 0 ? [] : [closeTime[closeTime.length - 1]]));
  if (ends.length === 0) return undefined;
  const end = Math.max(...ends);
  if (ends.length < bars.series.length || ends.some((time) => end - time > goneAfter)) return undefined;
  const names = ends.length === 1 ? 'the one name trades' : `all ${ends.length} names trade`;
  return {
    code: 'SURVIVORS_ONLY',
    text: `survivors only: ${names} to the last date of the data, so whoever went bankrupt or was delisted is missing and the result is too good`,
  };
}

const bpsOne = 10_000;

/**
 * Where the position cap always binds before the risk per trade does (1 % risk at a 2 % stop asks for 50 % of the capital, the cap gives 5 %), the real
 * risk of a position is cap x stop. Undefined for parameters without these three.
 */
export function capNote(parameters: ParameterValues): HonestyNote | undefined {
  const { riskBps, stopBps, capBps } = parameters;
  if (typeof riskBps !== 'number' || typeof stopBps !== 'number' || typeof capBps !== 'number') return undefined;
  const asked = (riskBps / stopBps) * bpsOne;
  if (!(asked > capBps)) return undefined;
  const percent = (bps: number): string => `${Math.round(bps * 100) / 10_000} %`;
  return {
    code: 'CAP_ALWAYS_BINDS',
    text: `the position cap of ${percent(capBps)} always binds: a risk of ${percent(riskBps)} at a stop of ${percent(stopBps)} asks for ${percent(asked)} of the capital, so what a position really risks at its stop is ${percent((capBps * stopBps) / bpsOne)}`,
  };
}

/** One run of the same thing at a multiple of its costs. */
export interface CostRow {
  readonly multiple: number;
  readonly finalEquity: string;
  readonly totalReturn: number;
  readonly sharpe: number | null;
  readonly trades: number;
}

export interface CostSensitivity {
  readonly rows: readonly CostRow[];
  /** Cost per traded notional, bps, at which the run without costs would have earned nothing; null where it traded nothing. */
  readonly breakEvenBps: number | null;
  readonly notes: readonly HonestyNote[];
}

/** Runs the request again at 0, 1, 2 and 3 times its fees and slippage. The square-root model has no factor; its runs scale the fees alone, which is said. */
export function costSensitivity(run: RunBacktest, request: BacktestRequest, multiples: readonly number[] = [0, 1, 2, 3]): CostSensitivity {
  const metrics = multiples.map((multiple) => run({ ...request, costs: scaledCosts(request.costs, multiple), keep: 'equity' }).metrics);
  const rows = metrics.map(({ finalEquity, totalReturn, sharpe, trades }, i) => ({
    multiple: multiples[i],
    finalEquity,
    totalReturn,
    sharpe,
    trades,
  }));
  return { rows, breakEvenBps: breakEven(Number(request.capital), metrics[0]), notes: costNotes(request.costs, rows) };
}

function breakEven(capital: number, free: BacktestMetrics): number | null {
  const traded = Number(free.traded);
  return traded > 0 ? ((Number(free.finalEquity) - capital) / traded) * bpsOne : null;
}

function costNotes(costs: BacktestCosts, rows: readonly CostRow[]): readonly HonestyNote[] {
  const notes: HonestyNote[] = [];
  if (isFree(costs))
    notes.push({
      code: 'NO_COSTS',
      text: 'no fees and no slippage were charged: no market is that cheap, and the result is an upper bound',
    });
  const once = rows.find(({ multiple }) => multiple === 1);
  const lost = rows.find(({ multiple, totalReturn }) => multiple > 1 && totalReturn <= 0);
  if (once !== undefined && once.totalReturn > 0 && lost !== undefined)
    notes.push({ code: 'COSTS_EAT_THE_EDGE', text: `at ${lost.multiple} times its costs the run loses money` });
  if (costs.slippage.kind === 'squareRoot')
    notes.push({
      code: 'NOT_ALL_COSTS_SCALED',
      text: 'the square-root slippage has no factor: at more than its costs only the fees were scaled',
    });
  return notes;
}

function isFree({ fees, slippage }: BacktestCosts): boolean {
  const freeFees =
    fees.kind === 'none' ||
    (fees.kind === 'bps' && fees.rate === 0) ||
    (fees.kind === 'perShare' && fees.moneyPerLot === 0) ||
    (fees.kind === 'makerTaker' && fees.makerRate <= 0 && fees.takerRate <= 0);
  return freeFees && (slippage.kind === 'none' || (slippage.kind === 'fixedBps' && slippage.rate === 0));
}

/** Rates are whole numbers of 10^-8; a multiple of one is rounded to them. */
export function scaledCosts(costs: BacktestCosts, multiple: number): BacktestCosts {
  return { ...costs, fees: scaledFees(costs.fees, multiple), slippage: scaledSlippage(costs.slippage, multiple) };
}

function scaledFees(fees: BacktestFees, multiple: number): BacktestFees {
  const by = (rate: number): number => Math.round(rate * multiple);
  switch (fees.kind) {
    case 'none':
      return fees;
    case 'bps':
      return { kind: 'bps', rate: by(fees.rate) };
    case 'perShare':
      return { kind: 'perShare', moneyPerLot: by(fees.moneyPerLot) };
    case 'makerTaker':
      return { kind: 'makerTaker', makerRate: by(fees.makerRate), takerRate: by(fees.takerRate) };
    case 'tiered':
      return { kind: 'tiered', tiers: fees.tiers.map(({ fromNotional, rate }) => ({ fromNotional, rate: by(rate) })) };
  }
}

function scaledSlippage(slippage: BacktestCosts['slippage'], multiple: number): BacktestCosts['slippage'] {
  if (multiple === 0) return { kind: 'none' };
  switch (slippage.kind) {
    case 'none':
    case 'squareRoot':
      return slippage;
    case 'fixedBps':
      return { kind: 'fixedBps', rate: Math.round(slippage.rate * multiple) };
    case 'halfSpread':
      return { kind: 'halfSpread', ticks: Math.round(slippage.ticks * multiple) };
  }
}
