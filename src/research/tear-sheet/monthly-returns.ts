import { civilFromMicros } from '../../base/time.ts';
import { micros } from '../../base/units.ts';

export interface ReturnYear {
  readonly year: number;
  /** January to December; `undefined` where the run has no equity. */
  readonly months: readonly (number | undefined)[];
  /** Compounded over its months. */
  readonly total: number;
}

/**
 * Returns by calendar month (UTC): last equity of the month over the last one before the month, or over the first of the run. Equity above 0.
 */
export function monthlyReturns(time: ArrayLike<number>, equity: ArrayLike<number>): readonly ReturnYear[] {
  const years: { year: number; months: (number | undefined)[]; total: number; base: number }[] = [];
  let base = equity[0];
  for (let i = 0; i < time.length; i++) {
    const { year, month } = civilFromMicros(micros(time[i]));
    const next = i + 1 < time.length ? civilFromMicros(micros(time[i + 1])) : undefined;
    if (years.at(-1)?.year !== year) years.push({ year, months: new Array<undefined>(12).fill(undefined), total: 0, base });
    if (next?.year === year && next.month === month) continue;
    const current = years[years.length - 1];
    current.months[month - 1] = equity[i] / base - 1;
    current.total = equity[i] / current.base - 1;
    base = equity[i];
  }
  return years.map(({ year, months, total }) => ({ year, months, total }));
}
