import { isoFromMicros } from '../../base/time.ts';
import {
  comparedFigures,
  matchedShare,
  meanOf,
  modelErrorOf,
  type ComparedFigure,
  type ComparedLine,
  type ComparedOrders,
} from '../../projections/compared-orders.ts';
import type { DeskView } from '../../projections/desk-view.ts';
import type { ControlAnswer } from './control-socket.ts';
import { exitCodes } from './exit-codes.ts';

/** Comparisons that the version of a deployment has a side in. */
export function comparisonsOf(view: DeskView, row: number): readonly ComparedOrders[] {
  return [...view.compared.values()].filter((one) => one.row === row || one.besideRow === row);
}

/** How one figure is said: its unit, its digits, and what one of it is in the record's unit. */
const saying: Readonly<Record<ComparedFigure, readonly [name: string, unit: string, digits: number, scale: number]>> = {
  timeApart: ['sent', 'ms', 1, 1_000],
  fillTimeApart: ['filled after', 'ms', 1, 1_000],
  limitApart: ['limit', 'bps', 2, 1],
  priceApart: ['price', 'bps', 2, 1],
  filledApart: ['filled share', '%', 2, 0.01],
  costApart: ['cost', 'bps', 2, 1],
  feesApart: ['fees', 'bps', 2, 1],
};

const signed = (value: number, digits: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;

function figureText(one: ComparedOrders, figure: ComparedFigure): string {
  const [name, unit, digits, scale] = saying[figure];
  const { mean, half, count } = meanOf(one.figures[figure]);
  if (count === 0) return '';
  const within = Number.isFinite(half) ? ` ± ${(half / scale).toFixed(digits)}` : '';
  return `${name} ${signed(mean / scale, digits)}${within} ${unit}`;
}

/** Two lines in words: how many orders agree, and by how much those that do differ (live less the other, with 95 % intervals). */
export function comparedLines(view: DeskView, one: ComparedOrders): readonly string[] {
  const version = (row: number): string => view.rows.get(row)?.version ?? `row ${row}`;
  const { matched, onlyLive, onlyBeside, why } = one;
  const reasons = [`${why.nothing} nothing alike`, `${why.price} by limit`, `${why.quantity} by quantity`].filter(
    (text) => !text.startsWith('0 '),
  );
  const alone = onlyLive + onlyBeside === 0 ? 'none alone' : `${onlyLive} only live, ${onlyBeside} only beside (${reasons.join(', ')})`;
  const figures = comparedFigures.map((figure) => figureText(one, figure)).filter((text) => text !== '');
  const error = modelErrorOf(one);
  const model = Number.isNaN(error)
    ? ''
    : `slippage model off by ${Number.isFinite(error) ? `${(error * 100).toFixed(1)} %` : 'more than any share'} of the realized one, ${one.modelOrders} orders`;
  return [
    `orders of ${version(one.row)} live beside ${version(one.besideRow)} ${one.as === 'paper' ? 'on paper' : 'in shadow'}: ${matched} matched (${(matchedShare(one) * 100).toFixed(1)} %), ${alone}`,
    ...(figures.length === 0 ? [] : [`live less the other, per order: ${figures.join(', ')}`]),
    ...(model === '' ? [] : [model]),
  ];
}

/** The same as JSON; figures that are not there are null. */
export function comparedBody(view: DeskView, one: ComparedOrders): object {
  const { row, besideRow, as, matched, onlyLive, onlyBeside, why, modelOrders } = one;
  const number = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const figures = Object.fromEntries(
    comparedFigures.map((figure) => {
      const { mean, half, count } = meanOf(one.figures[figure]);
      return [figure, { count, mean: number(mean), half95: number(half) }];
    }),
  );
  const version = view.rows.get(row)?.version ?? '';
  const beside = view.rows.get(besideRow)?.version ?? '';
  const slippageModel = { orders: modelOrders, error: number(modelErrorOf(one)) };
  return { version, beside, as, matched, onlyLive, onlyBeside, why, matchedShare: matchedShare(one), figures, slippageModel };
}

/** Order by order, the newest last, and what they come to. */
export function comparedAnswer(view: DeskView, id: string): ControlAnswer {
  const deployment = view.deployments.get(id);
  if (deployment === undefined) {
    const text = `deployment ${id} is not there`;
    return { exitCode: exitCodes.refused, body: { code: 'UNKNOWN_DEPLOYMENT', error: text }, text };
  }
  const all = comparisonsOf(view, deployment.row);
  const body = {
    deploymentID: id,
    comparisons: all.map((one) => ({ ...comparedBody(view, one), orders: one.lines.map((line) => lineBody(view, line)) })),
  };
  if (all.length === 0)
    return {
      exitCode: exitCodes.healthy,
      body,
      text: `no order of ${id} was compared: no other version of its slice trades beside it, or the window of its orders is open`,
    };
  return {
    exitCode: exitCodes.healthy,
    body,
    text: all.flatMap((one) => [...comparedLines(view, one), ...rowsOf(view, one.lines)]).join('\n'),
  };
}

function lineBody(view: DeskView, line: ComparedLine): object {
  const fields = Object.entries(line).filter(([name]) => name !== 'kind');
  const plain = fields.map(([name, value]) => [name, typeof value === 'number' && !Number.isFinite(value) ? null : value] as const);
  return { ...Object.fromEntries(plain), listing: view.listings[line.listing] ?? line.listing };
}

const head = [
  'record',
  'sent',
  'listing',
  'side',
  'lots',
  'beside',
  'ms',
  'limit bps',
  'price bps',
  'filled',
  'beside',
  'cost bps',
  'beside',
];

function rowsOf(view: DeskView, lines: readonly ComparedLine[]): readonly string[] {
  const shown = (value: number, digits: number): string => (Number.isFinite(value) ? value.toFixed(digits) : '—');
  const share = (filled: number, of: number): string => (of === 0 ? '—' : `${((filled * 100) / of).toFixed(0)} %`);
  const rows = lines.map((line) => [
    String(line.seq),
    isoFromMicros(line.sentAt).slice(11, 23),
    view.listings[line.listing] ?? String(line.listing),
    line.side,
    line.outcome === 'onlyBeside' ? '—' : String(line.orderQty),
    line.outcome === 'onlyLive' ? '—' : String(line.besideQty),
    shown(line.timeApart / 1_000, 1),
    shown(line.limitApart, 2),
    shown(line.priceApart, 2),
    share(line.filledQty, line.orderQty),
    share(line.besideFilledQty, line.besideQty),
    shown(line.cost, 2),
    shown(line.besideCost, 2),
    line.outcome === 'matched'
      ? ''
      : `alone: ${line.why === 'nothing' ? 'nothing alike within a second' : `the nearest differs in ${line.why === 'price' ? 'its limit' : 'its quantity'}`}`,
  ]);
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, i) => (i < head.length ? cell.padStart(widths[i]) : cell))
      .join('  ')
      .trimEnd(),
  );
}
