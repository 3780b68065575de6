import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import { cutHold, drawdownHolds, type CutHold, type DrawdownHold } from '../../core/risk/holds.ts';
import type { RowIx } from '../../domain/ids.ts';

const utc = (micros: number): string => `${isoFromMicros(microsUnchecked(micros)).slice(0, 19)}Z`;
const hundredths = (value: number): string => (value / 100).toFixed(2);

const limitOfHold = { day: 'maxDailyDrawdownBps', week: 'maxWeeklyDrawdownBps', month: 'maxMonthlyDrawdownBps' } as const;

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
