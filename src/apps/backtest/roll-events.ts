import { roundHalfEven } from '../../base/decimal.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { BarColumns } from '../../domain/bar-columns.ts';
import type { ContinuousRolls } from '../../feeds/futures/continuous.ts';
import type { SeriesRoll } from '../../ports/backtest.ts';

/**
 * The rolls of a continuous series between its first and its last bar, at the closes of the last time before each at which both contracts had a bar.
 * @returns a sentence when the series jumps at a roll whose gap nothing says
 */
export function rollEventsOf(bars: BarColumns, rolls: ContinuousRolls | undefined): Result<readonly SeriesRoll[], string> {
  if (rolls === undefined || bars.count === 0) return ok([]);
  const [first, last] = [bars.time[0], bars.time[bars.count - 1]];
  const within = (at: number): boolean => at > first && at < last;
  const unmeasured = rolls.cut.find(({ at }) => within(at));
  if (unmeasured !== undefined) {
    const { from, to, at } = unmeasured;
    return err(
      `${bars.instrumentID}: the roll from ${from} to ${to} at ${isoFromMicros(at).slice(0, 16)}Z cannot be measured, the contracts never traded at one time: choose dates on one side of it`,
    );
  }
  const units = (price: number): number => roundHalfEven(price * bars.unitsPerPrice);
  return ok(
    rolls.splices
      .filter(({ at }) => within(at))
      .map(({ at, gap, price, from, to }) => ({
        kind: 'roll' as const,
        at: microsUnchecked(at),
        fromPx: units(price - gap),
        toPx: units(price),
        jumps: rolls.adjust === 'none',
        text: `${from} to ${to}`,
      })),
  );
}
