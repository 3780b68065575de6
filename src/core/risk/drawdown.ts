import { addInto, cmp, setInto, sign, splitZero, subInto, toNumber, type Split } from '../../base/split.ts';
import { civilFromDay, dayFromCivil, MICROS_PER_DAY } from '../../base/time.ts';
import { capitalInto, isConverted, shareBps, shareInto } from './equity.ts';
import { drawdownLimit, limitOf, type LimitChange } from './limits.ts';
import { resultInto } from './past-results.ts';
import type { Risk } from './risk.ts';
import { noLimit } from './scope-table.ts';
import type { ScopeKind } from './scopes.ts';
import { settle } from './settle.ts';
import { resultsMoved } from './slack.ts';

/** Windows of a drawdown, all in UTC: from midnight, from Monday's midnight, from the midnight of the first of the month. */
export const drawdownWindows = ['day', 'week', 'month'] as const;

/** What is known of a scope in the window under way; kept from the first limit on, also while none is set. */
export interface DrawdownWindow {
  readonly scope: ScopeKind;
  readonly ix: number;
  /** Place in `drawdownWindows`. */
  readonly window: number;
  /** The highest result since the beginning that was seen in the window, firm's currency. */
  readonly peak: Split;
  /** The first microsecond of the next window; 0 = it has not begun. */
  endsAt: number;
  /** What was said in this window. */
  alerted: boolean;
  breached: boolean;
}

export interface Drawdowns {
  readonly windows: DrawdownWindow[];
  /** How many of them have a limit; 0 = nothing is looked at. */
  watched: number;
  /** When the first of those ends; Infinity = none is watched. */
  nextAt: number;
  /** Sum of moved results (`slack.ts`) up to which no peak rises and no limit comes near, and the version of the scope table that it was measured at. */
  quietUntil: number;
  measuredAt: number;
}

export function createDrawdowns(): Drawdowns {
  return { windows: [], watched: 0, nextAt: Infinity, quietUntil: -1, measuredAt: -1 };
}

/** Where a window ends that has `at` in it: the first microsecond of the next one. */
export function windowEnd(window: number, at: number): number {
  const day = Math.floor(at / MICROS_PER_DAY);
  // 1970-01-01 was a Thursday: day 4 was the first Monday
  if (window === 0) return (day + 1) * MICROS_PER_DAY;
  if (window === 1) return (day - ((day + 3) % 7) + 7) * MICROS_PER_DAY;
  const { year, month } = civilFromDay(day);
  return dayFromCivil(month === 12 ? year + 1 : year, (month % 12) + 1, 1) * MICROS_PER_DAY;
}

/**
 * A limit of a drawdown was set or removed (null): `rollDrawdowns` begins the window of one that is new. What was seen before it was set is not known. A number that two people have widened
 * has not been spoken of; one that stayed or shrank has: a breach goes on holding what it holds.
 */
export function trackDrawdown(risk: Risk, name: number, scope: ScopeKind, ix: number, { from, to }: LimitChange): void {
  const { drawdowns, limits } = risk;
  const window = name - drawdownLimit;
  const known = drawdowns.windows.find((one) => one.scope === scope && one.ix === ix && one.window === window);
  if (known === undefined && limitOf(limits, name, scope, ix) !== noLimit)
    drawdowns.windows.push({ scope, ix, window, peak: splitZero(), endsAt: 0, alerted: false, breached: false });
  if (known !== undefined && (from === null || (to !== null && to > from))) known.alerted = known.breached = false;
  drawdowns.watched = limits.active[drawdownLimit] + limits.active[drawdownLimit + 1] + limits.active[drawdownLimit + 2];
  drawdowns.nextAt = drawdowns.watched > 0 ? 0 : Infinity;
}

/** The limit of a window, bps; `noLimit` = nobody has set one. */
export function limitOfWindow(risk: Risk, { scope, ix, window }: DrawdownWindow): number {
  return limitOf(risk.limits, drawdownLimit + window, scope, ix);
}

const now = splitZero();

/** Begins windows anew whose end has come, at what has been made until now. To be called before anything else is done at `at`, and after a limit was set. */
export function rollDrawdowns(risk: Risk, at: number): void {
  const { drawdowns } = risk;
  settle(risk);
  drawdowns.measuredAt = -1;
  drawdowns.nextAt = Infinity;
  for (const one of drawdowns.windows) {
    if (limitOfWindow(risk, one) === noLimit) continue;
    resultInto(now, risk, one.scope, one.ix);
    if (at >= one.endsAt) {
      setInto(one.peak, now);
      one.endsAt = windowEnd(one.window, at);
      one.alerted = false;
      one.breached = false;
    } else if (cmp(now, one.peak) > 0) {
      setInto(one.peak, now);
    }
    drawdowns.nextAt = Math.min(drawdowns.nextAt, one.endsAt);
  }
}

/** Whether every watched window is as far from its limit as when it was last looked at closely: then none is past it. */
export function isFarFromDrawdown({ drawdowns, slack, limits }: Risk): boolean {
  return drawdowns.watched === 0 || (drawdowns.measuredAt === limits.table.version && slack.used[resultsMoved] <= drawdowns.quietUntil);
}

/** One thing to say about a window. */
export interface DrawdownFinding {
  readonly window: DrawdownWindow;
  readonly severity: 'alert' | 'breach';
  /** bps, rounded up, and of the limit. */
  readonly value: number;
  readonly limit: number;
}

const lost = splitZero();
const equity = splitZero();
const most = splitZero();
const scratch = splitZero();

/** What the scope lies below its peak, into `lost`, and its equity at the peak, into `base`; the peak as it was last seen. `booked`: at the last rate there was. @returns false = no rate */
export function fallInto(fall: Split, base: Split, risk: Risk, window: DrawdownWindow, booked = false): boolean {
  if (!capitalInto(base, risk, window.scope, window.ix, booked)) return false;
  addInto(base, base, window.peak);
  resultInto(now, risk, window.scope, window.ix);
  subInto(fall, window.peak, now);
  return true;
}

/** Wider than any error of the doubles that distances are measured by, as a share of what enters them. */
const margin = 4e-9;

/**
 * Looks at every watched window after a fill or a mark: peaks rise, and each window speaks once as an alert (80 % of its limit) and once as a breach (100 %).
 * Rolled windows are `rollDrawdowns`'.
 */
export function measureDrawdowns(risk: Risk): readonly DrawdownFinding[] {
  const { drawdowns, slack, limits } = risk;
  settle(risk);
  const found: DrawdownFinding[] = [];
  let room = Infinity;
  for (const one of drawdowns.windows) {
    const limit = limitOfWindow(risk, one);
    if (limit === noLimit) continue;
    resultInto(now, risk, one.scope, one.ix);
    if (cmp(now, one.peak) > 0) setInto(one.peak, now);
    if (!fallInto(lost, equity, risk, one, true)) {
      room = -1;
      continue;
    }
    shareInto(most, equity, limit);
    const breached = sign(lost) > 0 && cmp(lost, most) >= 0;
    const alerted = breached || (sign(lost) > 0 && isFourFifths(lost, most));
    if (breached && !one.breached) found.push({ window: one, severity: 'breach', value: shareBps(lost, equity), limit });
    else if (alerted && !one.alerted && !one.breached) found.push({ window: one, severity: 'alert', value: shareBps(lost, equity), limit });
    one.alerted ||= alerted;
    one.breached ||= breached;
    room = Math.min(room, breached || isConverted(risk, one.scope, one.ix) ? -1 : distanceOf(risk, one));
  }
  drawdowns.measuredAt = limits.table.version;
  drawdowns.quietUntil = slack.used[resultsMoved] + room;
  return found;
}

/** Micro-money that results may move by before the window in `lost`, `equity` and `most` has another peak or something to say. */
function distanceOf(risk: Risk, { alerted }: DrawdownWindow): number {
  const fallen = toNumber(lost);
  const end = toNumber(most) * (alerted ? 1 : 0.8);
  const error = margin * (fallen + end + Math.abs(toNumber(equity)));
  return Math.floor((Math.min(fallen, end - fallen) - error) * risk.microPerUnit) - 2;
}

/** x >= 4/5 of y, exactly. */
function isFourFifths(x: Split, y: Split): boolean {
  shareInto(scratch, y, 8_000);
  const least = cmp(x, scratch);
  if (least !== 0) return least > 0;
  // floor(4/5 y) = x: equal only where nothing was cut off
  subInto(scratch, y, x);
  addInto(scratch, scratch, scratch);
  addInto(scratch, scratch, scratch);
  return cmp(scratch, x) === 0;
}
