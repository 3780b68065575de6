import { canonicalJson, type ByteWriter } from '../../base/canonical.ts';
import { normInv, powi } from '../../base/math.ts';
import type { Micros } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { OrderCompared } from '../../domain/order-compared.ts';
import type { DeploymentSpec, GateSpec } from '../../domain/spec.ts';
import type { Core } from '../core.ts';
import type { Deployment } from './deployment.ts';
import { numberOf } from './gate-terms.ts';
import type { Judgment } from './judgment.ts';

/**
 * How far the slippage that the simulator gave a version in the shadow lies from the one that the live version met with the same orders: decision 19's error, the
 * notional-weighted absolute error sum N |p - r| / sum N |r|. Declared with its ladder, before its first order, and never reset.
 */
export interface SlippageRun {
  readonly row: RowIx;
  readonly terms: string;
  readonly maximum: number;
  readonly alpha: number;
  /** Orders of the first look; the next is at twice as many. */
  readonly firstLook: number;
  readonly declaredAt: Micros;
  /** The how-manyeth declaration of its slice, from 1: its alpha shrinks with the square. */
  readonly ordinal: number;
  /** Version in the shadow: the first that an order is compared with, and it stays. -1 = none yet. */
  beside: RowIx;
  orders: number;
  /** Sums over orders of N |p - r|, of N |r| and of the square of N (|p - r| - maximum |r|), bps of money. */
  error: number;
  realized: number;
  squares: number;
  looks: number;
  /** The word of the last look that decided; '' = none has. */
  word: 'pass' | 'fail' | '';
  /** The error at that look, and after how many orders. */
  wordValue: number;
  wordOrders: number;
}

/** Most declarations of one desk's life. */
export const maxSlippageRuns = 1_024;
export const slippageMaximum = 0.05;
export const slippageOrders = 100;
export const slippageAlpha = 0.05;

function termsOf(gate: GateSpec): Pick<SlippageRun, 'terms' | 'maximum' | 'alpha' | 'firstLook'> {
  const maximum = numberOf(gate, 'maximum', slippageMaximum);
  const alpha = numberOf(gate, 'alpha', slippageAlpha);
  const firstLook = numberOf(gate, 'orders', slippageOrders);
  return { terms: canonicalJson({ metric: gate.metric, test: gate.test, maximum, alpha, orders: firstLook }), maximum, alpha, firstLook };
}

/** Gates of a ladder that judge the model of slippage. */
export function slippageGatesOf(spec: DeploymentSpec): readonly GateSpec[] {
  const named = new Set(spec.stages.flatMap((stage) => stage.entryGates));
  return spec.gates.filter((gate) => gate.test === 'modelError' && named.has(gate.name));
}

/** Declares what a ladder lacks of them. @returns false = there is no room. */
export function declareSlippage(core: Core, { spec, row }: Deployment, at: Micros): boolean {
  const { slippage } = core.rollout;
  const slice = core.gate.rows[row].slice;
  for (const gate of slippageGatesOf(spec)) {
    const terms = termsOf(gate);
    if (slippage.some((run) => run.row === row && run.terms === terms.terms)) continue;
    if (slippage.length >= maxSlippageRuns) return false;
    const ordinal = 1 + slippage.filter((run) => core.gate.rows[run.row].slice === slice).length;
    const empty = { beside: -1, orders: 0, error: 0, realized: 0, squares: 0, looks: 0, word: '', wordValue: 0, wordOrders: 0 } as const;
    slippage.push({ row, ...terms, declaredAt: at, ordinal, ...empty });
  }
  return true;
}

/** Takes the slippage of a pair of orders, where both of them executed something and saw a middle. */
export function takeSlippage(core: Core, { row, besideRow, sentAt, cost, besideCost, notional }: OrderCompared): void {
  if (!(Number.isFinite(cost) && Number.isFinite(besideCost) && notional > 0)) return;
  for (const run of core.rollout.slippage) {
    if (run.row !== row || sentAt < run.declaredAt || (run.beside >= 0 && run.beside !== besideRow)) continue;
    run.beside = besideRow;
    const [error, realized] = [notional * Math.abs(besideCost - cost), notional * Math.abs(cost)];
    const beyond = error - run.maximum * realized;
    run.orders++;
    run.error += error;
    run.realized += realized;
    run.squares += beyond * beyond;
    if (run.orders === lookOf(run)) lookAt(run);
  }
}

/** Orders at which it is looked at next. */
function lookOf({ firstLook, looks }: SlippageRun): number {
  return firstLook * powi(2, looks);
}

/**
 * A look, at n, 2n, 4n … orders: whether the mean of N (|p - r| - maximum |r|) is shown to be below or above 0, by its normal interval. The k-th look spends
 * alpha / (k (k + 1)), the j-th declaration 6 / (pi^2 j^2) of that, so that all looks of all declarations together err with alpha at most.
 */
function lookAt(run: SlippageRun): void {
  const { orders, error, realized, squares, maximum, alpha, ordinal } = run;
  run.looks++;
  const mean = (error - maximum * realized) / orders;
  const deviation = Math.sqrt(Math.max(0, squares / orders - mean * mean) / (orders - 1));
  const spent = (alpha * 6) / (Math.PI * Math.PI * ordinal * ordinal * run.looks * (run.looks + 1));
  const margin = deviation * -normInv(spent);
  const word = mean + margin <= 0 ? 'pass' : mean - margin > 0 ? 'fail' : '';
  // a model that was shown to be wrong is not shown to be right by more of the same
  if (word === '' || run.word === 'fail') return;
  run.word = word;
  run.wordValue = errorOf(error, realized);
  run.wordOrders = orders;
}

function errorOf(error: number, realized: number): number {
  return error === 0 ? 0 : error / realized;
}

export function judgeSlippage(core: Core, { row }: Deployment, gate: GateSpec): Judgment {
  const { terms, maximum } = termsOf(gate);
  const run = core.rollout.slippage.find((one) => one.row === row && one.terms === terms);
  const open = (text: string, value = NaN): Judgment => ({ gate: gate.name, verdict: 'inconclusive', value, limit: maximum, text });
  if (run === undefined) return open('its error is not declared yet');
  const { orders, beside, word } = run;
  if (orders === 0) return open('no order was executed here and beside it in the shadow yet');
  const value = errorOf(run.error, run.realized);
  const shown = (error: number): string => (Number.isFinite(error) ? `${(error * 100).toFixed(1)} %` : 'without bound');
  const said = `the model's slippage is off by ${shown(value)} of the realized one after ${orders} orders beside ${core.gate.rows[beside].version}`;
  const allowed = `${maximum * 100} %`;
  if (word === '') return open(`${said}: not shown to be within ${allowed}, the next look is at ${lookOf(run)} orders`, value);
  const looked = `looked at ${run.wordOrders} orders, ${shown(run.wordValue)}`;
  const text = `${said}: shown to be ${word === 'pass' ? 'within' : 'beyond'} ${allowed} when ${looked}`;
  return { gate: gate.name, verdict: word, value, limit: maximum, text };
}

export function hashSlippage(writer: ByteWriter, runs: readonly SlippageRun[]): void {
  writer.u32(runs.length);
  for (const run of runs) {
    for (const n of [run.row, run.declaredAt, run.ordinal, run.beside, run.orders, run.looks, run.wordOrders]) writer.safeInt(n);
    for (const x of [run.error, run.realized, run.squares, run.wordValue]) writer.f64(x);
    writer.str(run.terms);
    writer.str(run.word);
  }
}
