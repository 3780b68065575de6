import { civilFromMicros, MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, microsFromCivil } from '../../../base/time.ts';
import { micros } from '../../../base/units.ts';
import { dateText, timeText } from '../figure-text.ts';

/** Units across a plot; down it one unit is one CSS pixel. */
export const plotWidth = 1000;

export interface ValueScale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** Distance of labels, for their decimals. */
  readonly step: number;
  /** Height in the plot, 0 = top. */
  readonly y: (value: number) => number;
}

/** Linear scale with round labels that covers the values; `zero` makes it cover 0, too. */
export function linearScale(low: number, high: number, height: number, zero: boolean): ValueScale {
  let [from, to] = [zero ? Math.min(0, low) : low, zero ? Math.max(0, high) : high];
  if (from === to) [from, to] = [from - Math.max(1e-9, Math.abs(from) * 0.01), to + Math.max(1e-9, Math.abs(to) * 0.01)];
  const step = roundStep((to - from) / Math.max(2, Math.floor(height / 48)));
  from = Math.floor(from / step + 1e-9) * step;
  to = Math.ceil(to / step - 1e-9) * step;
  const ticks: number[] = [];
  for (let n = Math.round(from / step); n <= Math.round(to / step); n++) ticks.push(n * step);
  return { from, to, ticks, step, y: (value) => height - ((value - from) / (to - from)) * height };
}

/** Logarithmic scale over values above 0, with linearly round labels. */
export function logScale(low: number, high: number, height: number): ValueScale {
  const linear = linearScale(low, high, height, false);
  const step = low > 0 && high / low > 4 ? linear.step / 2 : linear.step;
  const [from, to] = [Math.log(low * 0.998), Math.log(high * 1.002)];
  const y = (value: number): number => height - ((Math.log(value) - from) / (to - from)) * height;
  const ticks: number[] = [];
  let last = Infinity;
  for (let tick = Math.max(step, Math.ceil(low / step) * step); tick <= high * 1.002 && ticks.length < 200; tick += step) {
    if (last - y(tick) < 22) continue;
    ticks.push(tick);
    last = y(tick);
  }
  return { from: low, to: high, ticks, step, y };
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function roundStep(least: number): number {
  const power = Number(`1e${Math.floor(Math.log10(least))}`);
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least * (1 - 1e-9)) ?? least;
}

export interface TimeTick {
  /** 0 … 1 across the plot. */
  readonly at: number;
  readonly text: string;
  /** Left out where there is little room. */
  readonly minor: boolean;
}

/** Most labels where there is room, and where there is little. */
const [maxTicks, fewTicks] = [12, 5];

/** Labels on whole years, months, days or clock times. */
export function timeTicks(from: number, to: number): readonly TimeTick[] {
  const starts = tickTimes(from, to);
  const every = Math.ceil(starts.length / fewTicks);
  return starts.map(({ time, text }, i) => ({ at: (time - from) / (to - from), text, minor: i % every !== 0 }));
}

function tickTimes(from: number, to: number): { time: number; text: string }[] {
  const span = to - from;
  if (span > 2.2 * 365 * MICROS_PER_DAY) return everyMonths(from, to, 12 * Math.ceil(span / (maxTicks * 365.25 * MICROS_PER_DAY)));
  if (span > 60 * MICROS_PER_DAY) return everyMonths(from, to, span > 365 * MICROS_PER_DAY ? 3 : 1);
  const steps = [1, 5, 15, 30, 60, 180, 360, 720]
    .map((minutes) => minutes * MICROS_PER_MINUTE)
    .concat([1, 2, 5, 10].map((days) => days * MICROS_PER_DAY));
  const step = steps.find((one) => span / one <= maxTicks) ?? 10 * MICROS_PER_DAY;
  const found: { time: number; text: string }[] = [];
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) {
    const text = step >= MICROS_PER_DAY ? dateText(time).slice(5) : timeText(time, false).slice(span > 24 * MICROS_PER_HOUR ? 5 : 11);
    found.push({ time, text });
  }
  return found;
}

function everyMonths(from: number, to: number, months: number): { time: number; text: string }[] {
  const { year } = civilFromMicros(micros(from));
  const found: { time: number; text: string }[] = [];
  for (let n = 0; ; n += months) {
    const [y, m] = [year + Math.floor(n / 12), (n % 12) + 1];
    const time = microsFromCivil(y, m, 1);
    if (time > to) return found;
    if (time >= from - 15 * MICROS_PER_DAY)
      found.push({ time: Math.max(time, from), text: months >= 12 ? String(y) : `${y}-${String(m).padStart(2, '0')}` });
  }
}
