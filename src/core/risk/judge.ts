import { cmp, isNeg, mulDivFloorInto, mulSmallInto, negInto, setInto, splitZero, toNumber, type Split } from '../../base/split.ts';
import type { RowIx } from '../../domain/ids.ts';
import { bernoulliMixture } from '../../quant/evidence/bernoulli-mixture.ts';
import { surelyWithin } from './estimate.ts';
import { microUp } from './firm-money.ts';
import { latencySamples, leastLatencySamples, neededForP99, p99Of } from './latency-window.ts';
import { limitOf, positionLimit } from './limits.ts';
import { noLimit } from './scope-table.ts';
import { seeResult, type Finding } from './monitors.ts';
import { rowDayInto, rowTotalInto } from './pnl.ts';
import type { Risk } from './risk.ts';
import { ruleClasses, watchedRules, type RowWatch, type WatchedRule } from './row-watch.ts';
import { versionScope } from './scopes.ts';
import { drawdownOf, fallenScope, hasCapital, navScopes } from './unit-nav.ts';

/** E-value at which the error rate is a breach, and an alert. */
export const errorBreachE = 100;
export const errorAlertE = 80;
/** p0 of the error test lies below the upper end of its prior. */
const mostErrorRate = 0.49;
const leastErrorRate = 1e-6;

const splitBase = 281_474_976_710_656;

const dailyLossRule = 0;
const drawdownRule = 1;
const positionRule = 2;
const errorRateRule = 3;
const consecutiveRule = 4;
const latencyRule = 5;
const velocityRule = 6;

/** Where the findings of the judgment under way go. */
let count = 0;

/**
 * Judges a row after a fill, mark, acknowledgement or error of it. Each rule speaks once as an alert (80 %) and once as a breach (100 %).
 * @returns how many of `risk.monitors.findings` were filled.
 */
export function judgeRow(risk: Risk, row: RowIx, at: number): number {
  const watch = risk.monitors.rows[row];
  count = 0;
  if (watch === undefined) return 0;
  if (!isQuiet(risk, row, watch)) judgeResult(risk, row, watch);
  judgePosition(risk, row, watch);
  judgeVelocity(risk, row, watch, at);
  return count;
}

function isQuiet(risk: Risk, row: RowIx, watch: RowWatch): boolean {
  const { rowTotal } = risk.pnl;
  const { quietAbove, quietBelow } = risk.monitors;
  const place = row * 2 + (watch.simulated ? 1 : 0);
  const result = rowTotal.hi[place] * splitBase + rowTotal.lo[place];
  return result > quietAbove[row] && result < quietBelow[row];
}

function judgeResult(risk: Risk, row: RowIx, watch: RowWatch): void {
  if (!hasCapital(watch.nav)) return;
  seeResult(risk, row, watch);
  judgeDailyLoss(risk, row, watch);
  judgeDrawdown(risk, row, watch);
  noteQuiet(risk, row, watch);
}

/** Wider than any error of the doubles that a judgment is estimated with (`estimate.ts`), as a share of what enters them. */
const margin = 4e-9;

/** Between which results the next judgment would find no new peak and no loss within four fifths of a limit. Too narrow is right too. */
function noteQuiet(risk: Risk, row: RowIx, watch: RowWatch): void {
  const { nav, simulated, terms } = watch;
  rowTotalInto(result, risk.pnl, row, simulated);
  rowDayInto(loss, risk.pnl, row, simulated);
  const now = toNumber(result);
  const day = toNumber(loss);
  const highest = toNumber(nav.peaks[0]);
  // NAV = result + this
  const before = toNumber(nav.capital) - toNumber(nav.basis);
  const room = margin * (toNumber(nav.capital) + Math.abs(toNumber(nav.basis)) + Math.abs(now) + Math.abs(day) + Math.abs(highest));
  let above = -Infinity;
  if (open(watch, dailyLossRule)) above = now - day - lossLimitEstimate(watch) * 0.8 + room;
  if (terms.drawdownBillionths >= 0 && open(watch, drawdownRule))
    above = Math.max(above, highest * (1 - (terms.drawdownBillionths / 1_000_000_000) * 0.8) - before + room);
  risk.monitors.quietAbove[row] = above;
  risk.monitors.quietBelow[row] = Math.min(highest, toNumber(nav.peaks[1]), toNumber(nav.peaks[2])) - before - room;
}

/** Judges what an answer or an error of a venue can change: error rate, errors in a row, latency. Fills the findings like `judgeRow`. */
export function judgeAnswers(risk: Risk, row: RowIx): number {
  const watch = risk.monitors.rows[row];
  count = 0;
  if (watch === undefined) return 0;
  judgeErrors(risk, row, watch);
  judgeLatency(risk, row, watch);
  return count;
}

function say(risk: Risk, row: RowIx, watch: RowWatch, rule: number, breach: boolean, value: number, limit: number): Finding | undefined {
  const said = breach ? watch.breached : watch.alerted;
  if (said[rule] === 1) return undefined;
  said[rule] = 1;
  const name: WatchedRule = watchedRules[rule];
  const finding = risk.monitors.findings[count++];
  finding.row = row;
  finding.rule = name;
  finding.class = ruleClasses[name];
  finding.severity = breach ? 'breach' : 'alert';
  finding.value = value;
  finding.limit = limit;
  finding.since = '';
  return finding;
}

/** Whether the rule still has something to say. */
function open(watch: RowWatch, rule: number): boolean {
  return watch.breached[rule] === 0;
}

const loss = splitZero();
const limit = splitZero();
const share = splitZero();

/** Loss of the day >= min(maxDailyLoss x lowest stage capital of the day, maxLossAbsolute). */
function judgeDailyLoss(risk: Risk, row: RowIx, watch: RowWatch): void {
  if (!open(watch, dailyLossRule)) return;
  rowDayInto(loss, risk.pnl, row, watch.simulated);
  if (!isNeg(loss) || isFar(-toNumber(loss), lossLimitEstimate(watch)) || !lossLimitInto(limit, watch)) return;
  negInto(loss, loss);
  const { gate, registry } = risk;
  const { exponent } = registry.currencies[gate.slices[gate.rows[row].slice].currency];
  if (cmp(loss, limit) >= 0) say(risk, row, watch, dailyLossRule, true, microUp(loss, exponent), microUp(limit, exponent));
  else if (atFourFifths(loss, limit)) say(risk, row, watch, dailyLossRule, false, microUp(loss, exponent), microUp(limit, exponent));
}

/** Less than four fifths of the limit, told by doubles: nothing to say, and nothing to compare exactly. */
function isFar(value: number, limit: number): boolean {
  return surelyWithin(value, limit * 0.8);
}

/** The limit as a double; Infinity = none. */
function lossLimitEstimate(watch: RowWatch): number {
  const { dailyLossBillionths, lossAbsolute } = watch.terms;
  const share = dailyLossBillionths < 0 ? Infinity : (toNumber(watch.lowestCapital) * dailyLossBillionths) / 1_000_000_000;
  return lossAbsolute === null ? share : Math.min(share, toNumber(lossAbsolute));
}

/** The row's daily loss limit in units of its slice's currency, into `out`; false = none. */
export function lossLimitInto(out: Split, watch: RowWatch): boolean {
  const { dailyLossBillionths, lossAbsolute } = watch.terms;
  if (dailyLossBillionths < 0 && lossAbsolute === null) return false;
  if (dailyLossBillionths >= 0) {
    mulDivFloorInto(share, watch.lowestCapital, dailyLossBillionths, 1_000_000_000);
    setInto(out, share);
    if (lossAbsolute !== null && cmp(lossAbsolute, out) < 0) setInto(out, lossAbsolute);
  } else if (lossAbsolute !== null) {
    setInto(out, lossAbsolute);
  }
  return true;
}

/** x >= 4/5 of y, exactly. */
function atFourFifths(x: Split, y: Split): boolean {
  mulSmallInto(share, x, 5);
  mulSmallInto(alertAt, y, 4);
  return cmp(share, alertAt) >= 0;
}

const alertAt = splitZero();
const result = splitZero();

function judgeDrawdown(risk: Risk, row: RowIx, watch: RowWatch): void {
  const { drawdownBillionths } = watch.terms;
  if (drawdownBillionths < 0 || !open(watch, drawdownRule)) return;
  rowTotalInto(result, risk.pnl, row, watch.simulated);
  // the deployment's peak is the highest: where NAV is near it, it is near all of them
  if (isFar(drawdownOf(watch.nav, 0, result), drawdownBillionths / 1_000_000_000)) return;
  let scope = fallenScope(watch.nav, result, drawdownBillionths);
  const breach = scope >= 0;
  if (!breach) scope = watch.alerted[drawdownRule] === 1 ? -1 : fallenScope(watch.nav, result, Math.ceil((drawdownBillionths * 4) / 5));
  if (scope < 0) return;
  const finding = say(risk, row, watch, drawdownRule, breach, drawdownOf(watch.nav, scope, result), drawdownBillionths / 1_000_000_000);
  if (finding !== undefined) finding.since = navScopes[scope];
}

/** Base units of the row in the instrument that moved last against the maxPosition of its version: a position at the limit is allowed, one beyond is a breach. */
function judgePosition(risk: Risk, row: RowIx, watch: RowWatch): void {
  const most = limitOf(risk.limits, positionLimit, versionScope, row);
  if (most === noLimit || !open(watch, positionRule)) return;
  const held = Math.abs(watch.position);
  if (held > most) say(risk, row, watch, positionRule, true, held, most);
  else if (held * 5 >= most * 4 && held > 0) say(risk, row, watch, positionRule, false, held, most);
}

function judgeVelocity(risk: Risk, row: RowIx, watch: RowWatch, at: number): void {
  const most = watch.terms.tradesPerMinute;
  if (most === 0 || !open(watch, velocityRule)) return;
  const fills = fillsInMinute(watch, at);
  if (fills >= most) say(risk, row, watch, velocityRule, true, fills, most);
  else if (fills * 5 >= most * 4) say(risk, row, watch, velocityRule, false, fills, most);
}

/** Fills within the last sixty seconds, at most as many as are remembered. */
export function fillsInMinute(watch: RowWatch, at: number): number {
  const size = watch.fills.length;
  let n = 0;
  for (let i = watch.fillCount - 1; i >= 0 && i >= watch.fillCount - size && watch.fills[i % size] > at - 60_000_000; i--) n++;
  return n;
}

function judgeErrors(risk: Risk, row: RowIx, watch: RowWatch): void {
  const { errorRate, consecutiveErrors } = watch.terms;
  if (watch.errorsInRow === 0) return;
  if (consecutiveErrors > 0 && open(watch, consecutiveRule)) {
    if (watch.errorsInRow >= consecutiveErrors) say(risk, row, watch, consecutiveRule, true, watch.errorsInRow, consecutiveErrors);
    else if (watch.errorsInRow * 5 >= consecutiveErrors * 4)
      say(risk, row, watch, consecutiveRule, false, watch.errorsInRow, consecutiveErrors);
  }
  if (errorRate <= 0 || !open(watch, errorRateRule)) return;
  const e = errorEvidence(watch);
  if (e >= errorBreachE) say(risk, row, watch, errorRateRule, true, e, errorBreachE);
  else if (e >= errorAlertE) say(risk, row, watch, errorRateRule, false, e, errorBreachE);
}

/** E-value against "at most maxErrorRate of the orders err"; it can only grow with an error, so that it is worked out then. */
export function errorEvidence(watch: RowWatch): number {
  return bernoulliMixture(watch.errors, watch.trials, Math.min(mostErrorRate, Math.max(leastErrorRate, watch.terms.errorRate)));
}

function judgeLatency(risk: Risk, row: RowIx, watch: RowWatch): void {
  const { latency, terms } = watch;
  const n = latencySamples(latency);
  if (terms.latency === Infinity || n < leastLatencySamples || !open(watch, latencyRule)) return;
  const needed = neededForP99(n);
  if (latency.atLimit >= needed) say(risk, row, watch, latencyRule, true, p99Of(latency) / 1000, terms.latency / 1000);
  else if (latency.atAlert >= needed && watch.alerted[latencyRule] === 0)
    say(risk, row, watch, latencyRule, false, p99Of(latency) / 1000, terms.latency / 1000);
}
