import { assert } from '../../base/assert.ts';
import { micros } from '../../base/units.ts';
import type { RawBars } from '../../domain/bar-columns.ts';
import { frontAt, type Roll } from './roll-schedule.ts';

export const rollAdjustments = ['none', 'back'] as const;
export type RollAdjustment = (typeof rollAdjustments)[number];

/** A roll as it was spliced: how much dearer the new contract was, at the last time at which both had a bar. */
export interface Splice extends Roll {
  readonly gap: number;
  /** Close of the new contract then. */
  readonly price: number;
  /** Close time of those bars. */
  readonly measuredAt: number;
}

export interface ContinuousRolls {
  readonly adjust: RollAdjustment;
  readonly splices: readonly Splice[];
  /** Rolls over which the contracts never had a bar at one time: nothing says what the gap was, so the series begins after the last of them. */
  readonly cut: readonly Roll[];
}

export interface ContinuousBars extends ContinuousRolls {
  readonly bars: RawBars;
}

/**
 * Bars of the contract in front at each time, as one series. `back` adds each gap to all prices before it, so that the series moves as a holder who rolls does: its
 * differences are those of the contracts, to the unit. `none` leaves prices as they were, and the series jumps at each roll.
 */
export function continuousBars(
  contracts: readonly RawBars[],
  rolls: readonly Roll[],
  instrumentID: string,
  adjust: RollAdjustment,
): ContinuousBars | undefined {
  const byID = new Map(contracts.map((bars) => [bars.instrumentID, bars]));
  const held = heldRows(contracts, rolls);
  if (held.length === 0) return undefined;
  const reached = rolls.filter((roll) => roll.at > held[0].time - held[0].bars.interval && roll.at <= held[held.length - 1].time);
  const splices: Splice[] = [];
  const cut: Roll[] = [];
  for (const roll of reached) {
    const splice = spliceOf(byID.get(roll.from), byID.get(roll.to), roll);
    if (splice === undefined) cut.push(roll);
    else splices.push(splice);
  }
  const after = adjust === 'back' ? (cut.at(-1)?.at ?? -Infinity) : -Infinity;
  const rows = held.filter(({ time, bars }) => time - bars.interval >= after);
  return rows.length === 0 ? undefined : { bars: seriesOf(rows, instrumentID, adjust === 'back' ? splices : []), adjust, splices, cut };
}

interface HeldRow {
  readonly bars: RawBars;
  readonly row: number;
  readonly time: number;
}

/** Rows of each contract that begin while it is in front, rising by time. */
function heldRows(contracts: readonly RawBars[], rolls: readonly Roll[]): HeldRow[] {
  const rows: HeldRow[] = [];
  for (const bars of contracts) {
    for (let row = 0; row < bars.count; row++) {
      const time = bars.time[row];
      if ((frontAt(rolls, time - bars.interval) ?? bars.instrumentID) === bars.instrumentID) rows.push({ bars, row, time });
    }
  }
  return rows.sort((a, b) => a.time - b.time);
}

/** The last time before the roll at which both contracts closed a bar. */
function spliceOf(from: RawBars | undefined, to: RawBars | undefined, roll: Roll): Splice | undefined {
  if (from === undefined || to === undefined) return undefined;
  let [i, j] = [from.count - 1, to.count - 1];
  while (i >= 0 && j >= 0) {
    if (from.time[i] > roll.at || from.time[i] > to.time[j]) i--;
    else if (to.time[j] > from.time[i]) j--;
    else return { ...roll, gap: to.close[j] - from.close[i], price: to.close[j], measuredAt: from.time[i] };
  }
  return undefined;
}

function seriesOf(rows: readonly HeldRow[], instrumentID: string, splices: readonly Splice[]): RawBars {
  /** Sum of the gaps of the rolls after a row. */
  const shift = (time: number) => splices.reduce((sum, splice) => (splice.at >= time ? sum + splice.gap : sum), 0);
  const shifts = rows.map(({ time }) => shift(time));
  const price = (name: 'open' | 'high' | 'low' | 'close') => Float64Array.from(rows, ({ bars, row }, i) => bars[name][row] + shifts[i]);
  const series: RawBars = {
    instrumentID,
    interval: micros(rows[0].bars.interval),
    count: rows.length,
    day: Int32Array.from(rows, ({ bars, row }) => bars.day[row]),
    time: Float64Array.from(rows, ({ time }) => time),
    open: price('open'),
    high: price('high'),
    low: price('low'),
    close: price('close'),
    volume: Float64Array.from(rows, ({ bars, row }) => bars.volume[row]),
  };
  assert(
    series.low.every((low) => low > 0),
    `${instrumentID}: expected prices above 0 after back-adjustment, was one below; measure such a series in differences`,
  );
  return series;
}
