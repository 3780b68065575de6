import type { Micros } from '../base/units.ts';
import type { RowIx, Seq } from '../domain/ids.ts';
import type { AloneReason, ComparedSide, OrderCompared } from '../domain/order-compared.ts';
import { noMoments, takeValue, type RunningMoments } from '../quant/stats/running-moments.ts';
import { keep } from './view-lines.ts';

/** One order as it was compared: its differences, and the record that has them. */
export interface ComparedLine extends OrderCompared {
  readonly seq: Seq;
  readonly at: Micros;
}

/** Differences of which a mean says something. */
export const comparedFigures = ['timeApart', 'fillTimeApart', 'limitApart', 'priceApart', 'filledApart', 'costApart', 'feesApart'] as const;
export type ComparedFigure = (typeof comparedFigures)[number];

/** Orders of a live version beside those of another one, folded. */
export interface ComparedOrders {
  readonly row: RowIx;
  readonly besideRow: RowIx;
  readonly as: ComparedSide;
  matched: number;
  onlyLive: number;
  onlyBeside: number;
  /** Orders without a counterpart by why they have none. */
  readonly why: Record<Exclude<AloneReason, 'none'>, number>;
  readonly figures: Readonly<Record<ComparedFigure, RunningMoments>>;
  /** Pairs that both executed something, and their sums of N |p - r| and N |r| (decision 19). */
  modelOrders: number;
  modelError: number;
  modelRealized: number;
  /** The newest. */
  readonly lines: ComparedLine[];
}

function noneCompared({ row, besideRow, as }: OrderCompared): ComparedOrders {
  return {
    row,
    besideRow,
    as,
    matched: 0,
    onlyLive: 0,
    onlyBeside: 0,
    why: { nothing: 0, price: 0, quantity: 0 },
    figures: {
      timeApart: noMoments(),
      fillTimeApart: noMoments(),
      limitApart: noMoments(),
      priceApart: noMoments(),
      filledApart: noMoments(),
      costApart: noMoments(),
      feesApart: noMoments(),
    },
    modelOrders: 0,
    modelError: 0,
    modelRealized: 0,
    lines: [],
  };
}

export function foldCompared(all: Map<string, ComparedOrders>, seq: Seq, at: Micros, compared: OrderCompared): void {
  const key = `${compared.row}/${compared.besideRow}`;
  const known = all.get(key) ?? noneCompared(compared);
  all.set(key, known);
  known[compared.outcome]++;
  if (compared.why !== 'none') known.why[compared.why]++;
  keep(known.lines, { ...compared, seq, at });
  if (compared.outcome !== 'matched') return;
  for (const figure of comparedFigures) {
    const value = figureOf(compared, figure);
    if (Number.isFinite(value)) takeValue(known.figures[figure], value);
  }
  const { cost, besideCost, notional } = compared;
  if (!(Number.isFinite(cost) && Number.isFinite(besideCost) && notional > 0)) return;
  known.modelOrders++;
  known.modelError += notional * Math.abs(besideCost - cost);
  known.modelRealized += notional * Math.abs(cost);
}

function figureOf(compared: OrderCompared, figure: ComparedFigure): number {
  if (figure === 'costApart') return compared.cost - compared.besideCost;
  if (figure === 'feesApart') return compared.fees - compared.besideFees;
  return compared[figure];
}

/** Share of the orders of both that have a counterpart, 0…1. */
export function matchedShare({ matched, onlyLive, onlyBeside }: ComparedOrders): number {
  return (2 * matched) / (2 * matched + onlyLive + onlyBeside);
}

/** Decision 19: notional-weighted absolute error of the slippage that the simulator gave, of the realized one; NaN = no pair. */
export function modelErrorOf({ modelOrders, modelError, modelRealized }: ComparedOrders): number {
  if (modelOrders === 0) return NaN;
  return modelError === 0 ? 0 : modelError / modelRealized;
}

/** Mean and the half width of its 95 % interval; NaN = fewer than two. */
export function meanOf({ count, mean, second }: RunningMoments): { readonly mean: number; readonly half: number; readonly count: number } {
  const half = count < 2 ? NaN : (1.959963984540054 * Math.sqrt(second / (count - 1))) / Math.sqrt(count);
  return { mean: count === 0 ? NaN : mean, half, count };
}
