import { assert } from '../../base/assert.ts';
import { parseSplit } from '../../base/decimal.ts';
import { cmp, columnGet, setInto, sign, splitZero, type Split } from '../../base/split.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { TriggerClass } from '../../domain/rollout.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { cellStride } from './exposure.ts';
import { addLatency } from './latency-window.ts';
import { modeSimulated } from './order-gate.ts';
import { rowTotalInto, startPaperDay } from './pnl.ts';
import type { Risk } from './risk.ts';
import {
  createRowWatch,
  defaultConsecutiveErrors,
  turnSide,
  watchedRules,
  type RowWatch,
  type WatchTerms,
  type WatchedRule,
} from './row-watch.ts';
import { versionScope } from './scopes.ts';
import { billionths, hasCapital, linkNav, raisePeaks, startNav, startNavDay, startNavStage, type NavScope } from './unit-nav.ts';

/** One thing a monitor has to say; reused, valid until the next `judgeRow`. */
export interface Finding {
  row: RowIx;
  rule: WatchedRule;
  class: TriggerClass;
  /** alert at 80 % of the limit, breach at the limit. */
  severity: 'alert' | 'breach';
  /** Money in micro-money of the slice's currency, drawdown as a fraction, e-value, milliseconds, base units or counts. */
  value: number;
  limit: number;
  /** maxDrawdown: since when. */
  since: NavScope | '';
}

export interface Monitors {
  /** By row; undefined = not watched (custodians, rows that no deployment ever used). */
  readonly rows: (RowWatch | undefined)[];
  readonly findings: Finding[];
  /** By row: between these results, as doubles, no peak rises and no loss comes near a limit; nothing between them = not known. */
  readonly quietAbove: Float64Array;
  readonly quietBelow: Float64Array;
}

export function createMonitors(rows: number): Monitors {
  const findings: Finding[] = watchedRules.map((rule) => ({
    row: 0,
    rule,
    class: 'lossLimit',
    severity: 'alert',
    value: 0,
    limit: 0,
    since: '',
  }));
  return { rows: [], findings, quietAbove: new Float64Array(rows), quietBelow: new Float64Array(rows) };
}

/** Watches a row by a deployment's thresholds, from scratch. Needs the row's slice; the capital follows with `capitalChanged`. */
export function watchRow(risk: Risk, row: RowIx, spec: DeploymentSpec): void {
  const { gate, registry } = risk;
  startPaperDay(risk, row);
  watchTerms(risk, row, termsOf(spec, registry.currencies[gate.slices[gate.rows[row].slice].currency].exponent));
}

export function watchTerms(risk: Risk, row: RowIx, terms: WatchTerms): void {
  risk.monitors.rows[row] = createRowWatch(terms);
  rouse(risk.monitors, row);
  capitalChanged(risk, row, true);
}

function termsOf(spec: DeploymentSpec, exponent: number): WatchTerms {
  const { maxDailyLoss, maxLossAbsolute, maxDrawdown, maxErrorRate, maxLatency } = spec.rollbackThresholds;
  let lossAbsolute: Split | null = null;
  if (maxLossAbsolute !== null) {
    lossAbsolute = splitZero();
    assert(parseSplit(maxLossAbsolute, exponent, lossAbsolute).ok, `maxLossAbsolute: the spec's parser has read ${maxLossAbsolute}`);
  }
  return {
    dailyLossBillionths: maxDailyLoss === null ? -1 : billionths(maxDailyLoss),
    lossAbsolute,
    drawdownBillionths: maxDrawdown === null ? -1 : billionths(maxDrawdown),
    errorRate: maxErrorRate ?? 0,
    consecutiveErrors: maxErrorRate === null ? 0 : defaultConsecutiveErrors,
    latency: maxLatency === null ? Infinity : maxLatency * 1000,
    tradesPerMinute: 0,
  };
}

const capital = splitZero();
const total = splitZero();

/**
 * To be called after every change of the row's cap, paper cap or mode; `newStage` when a stage was entered. Chain-links the NAV (MET1). Capital that is taken
 * away altogether leaves the last link standing, so that what is still held keeps its measure. Leaving paper begins anew.
 */
export function capitalChanged(risk: Risk, row: RowIx, newStage: boolean): void {
  const watch = risk.monitors.rows[row];
  if (watch === undefined) return;
  rouse(risk.monitors, row);
  const { gate, pnl } = risk;
  const simulated = gate.mode[row] === modeSimulated;
  columnGet(capital, simulated ? gate.paperCap : gate.cap, row);
  if (sign(capital) <= 0) return;
  rowTotalInto(total, pnl, row, simulated);
  if (simulated !== watch.simulated || !hasCapital(watch.nav)) {
    if (simulated !== watch.simulated) turnSide(watch);
    watch.simulated = simulated;
    watch.position = largestHeld(risk, row, simulated);
    startNav(watch.nav, capital, total);
    setInto(watch.lowestCapital, capital);
    return;
  }
  if (cmp(capital, watch.nav.capital) !== 0) linkNav(watch.nav, capital, total);
  if (newStage) startNavStage(watch.nav, total);
  if (cmp(capital, watch.lowestCapital) < 0) setInto(watch.lowestCapital, capital);
}

/** Of the instruments that a row holds, of capital or on paper, the position that is largest: base units, signed; 0 = none. */
export function largestHeld({ exposure }: Risk, row: RowIx, simulated: boolean): number {
  let largest = 0;
  for (const route of exposure.routes) {
    if (route.row !== row || route.simulated !== simulated) continue;
    const position = exposure.cells[route.cells[versionScope] * cellStride];
    if (Math.abs(position) > Math.abs(largest)) largest = position;
  }
  return largest;
}

/** A new session day of the row: the day's peak, its lowest capital and the alerts begin anew. Call `startDay` (pnl.ts) first. */
export function startRowDay(risk: Risk, row: RowIx): void {
  const watch = risk.monitors.rows[row];
  if (watch === undefined || !hasCapital(watch.nav)) return;
  rouse(risk.monitors, row);
  rowTotalInto(total, risk.pnl, row, watch.simulated);
  startNavDay(watch.nav, total);
  setInto(watch.lowestCapital, watch.nav.capital);
  watch.alerted.fill(0);
}

/** What the row's result is compared with has changed: the next judgment looks at all of it. */
function rouse(monitors: Monitors, row: RowIx): void {
  monitors.quietBelow[row] = -Infinity;
}

/** An order was answered by the venue (accepted or filled). `sentAt` 0 = no order of ours whose sending we timed. */
export function orderAnswered(risk: Risk, row: RowIx, sentAt: number, at: number): void {
  const watch = risk.monitors.rows[row];
  if (watch === undefined) return;
  watch.trials++;
  watch.errorsInRow = 0;
  if (sentAt > 0) addLatency(watch.latency, at - sentAt);
}

/** A venue's reject, a timeout while the venue answers others or an exception of the strategy; our own denials, and what the gateway refuses, are none. */
export function orderErred(risk: Risk, row: RowIx): void {
  const watch = risk.monitors.rows[row];
  if (watch === undefined) return;
  watch.trials++;
  watch.errors++;
  watch.errorsInRow++;
}

/** A fill of the row, for its trade velocity. */
export function fillSeen(risk: Risk, row: RowIx, at: number): void {
  const watch = risk.monitors.rows[row];
  if (watch === undefined || watch.fills.length === 0) return;
  watch.fills[watch.fillCount % watch.fills.length] = at;
  watch.fillCount++;
}

/** Brings the NAV's peaks up to the row's result; part of `judgeRow`. */
export function seeResult(risk: Risk, row: RowIx, watch: RowWatch): void {
  rowTotalInto(total, risk.pnl, row, watch.simulated);
  raisePeaks(watch.nav, total);
}
