import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import { limitRules } from '../../core/risk/limit-rules.ts';
import { rowText } from '../../core/risk/order-gate.ts';
import { cutHold, drawdownHolds, type CutHold, type DrawdownHold } from '../../core/risk/holds.ts';
import type { RowIx } from '../../domain/ids.ts';

const utc = (micros: number): string => `${isoFromMicros(microsUnchecked(micros)).slice(0, 19)}Z`;
const hundredths = (value: number): string => (value / 100).toFixed(2);

const limitOfHold = { day: 'maxDailyDrawdownBps', week: 'maxWeeklyDrawdownBps', month: 'maxMonthlyDrawdownBps' } as const;

/** Limits of a version and of it at each of its venues, in force now. */
export function limitLines({ risk, gate }: Core, row: RowIx): readonly string[] {
  const own = rowText(gate, row);
  return risk.limits.entries.flatMap(({ key, value }) => {
    const { scope, scopeID, limit } = key;
    const venue = scope === 'route' && scopeID.startsWith(`${own}@`) ? scopeID.slice(own.length + 1) : undefined;
    if (value === null || !(venue !== undefined || (scope === 'version' && scopeID === own))) return [];
    return [`limited to ${limit} ${value} ${limitRules[limit].unit}${venue === undefined ? '' : ` at ${venue}`}`];
  });
}

/** What limits of the portfolio do to the orders of a version now, a sentence each. */
export function holdLines({ risk }: Core, row: RowIx, at: number): readonly string[] {
  const cut = cutHold(risk, row, at);
  return [...drawdownHolds(risk, row).map(drawdownLine), ...(cut === undefined ? [] : [cutLine(cut)])];
}

function cutLine({ share, of, why, level, knownAt, above, age }: CutHold): string {
  const because =
    why === 'unknown'
      ? 'the volatility index was never told'
      : why === 'old'
        ? `the volatility index was last told of ${utc(knownAt)} (${hundredths(level)}), which is more than ${age / 1e6} s ago`
        : `the volatility index stands at ${hundredths(level)} since ${utc(knownAt)}, above ${hundredths(above)}`;
  return `sizes of opening orders are cut to ${hundredths(share)} % of the usual (volatilityCutBps of ${of}): ${because}`;
}

function drawdownLine({ of, window, value, limit, endsAt }: DrawdownHold): string {
  return `opening orders are denied: ${of} lies ${hundredths(value)} % below its highest equity of the ${window}, of ${hundredths(limit)} % (${limitOfHold[window]}); the ${window} ends at ${utc(endsAt)}`;
}
