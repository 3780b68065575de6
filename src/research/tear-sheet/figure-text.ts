import { dayNumber, isoFromDay, isoFromMicros } from '../../base/time.ts';
import { micros } from '../../base/units.ts';

/** Shown where a figure does not exist. */
export const none = 'none';

/** `-1,234.50` with a real minus sign; `none` for what is undefined. */
export function fixed(value: number | undefined, digits: number): string {
  if (value === undefined) return none;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '−∞' : none;
  const text = Math.abs(value).toFixed(digits);
  const [whole, fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value < 0 && /[1-9]/.test(text) ? '−' : '';
  return `${sign}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** With a plus sign above 0. */
export function signed(value: number | undefined, digits: number): string {
  const text = fixed(value, digits);
  return value !== undefined && value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

export function percent(value: number | undefined, digits = 1): string {
  return value === undefined ? none : `${fixed(value * 100, digits)} %`;
}

export function signedPercent(value: number | undefined, digits = 1): string {
  return value === undefined ? none : `${signed(value * 100, digits)} %`;
}

/** `1,056,256.310364`: an exact decimal with its thousands set apart. */
export function groupedDecimal(decimal: string): string {
  const [whole, fraction] = decimal.replace('-', '−').split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** `1.05M`, `-12k`, `0.5`: short enough for an axis whose labels are `step` apart. */
export function compact(value: number, step: number): string {
  const size = Math.max(Math.abs(value), step);
  const [unit, suffix] = size >= 1e9 ? [1e9, 'B'] : size >= 1e6 ? [1e6, 'M'] : size >= 1e4 ? [1e3, 'k'] : [1, ''];
  return `${fixed(value / unit, decimalsFor(step / unit))}${suffix}`;
}

/** Decimals that tell labels apart that are `step` apart. */
export function decimalsFor(step: number): number {
  let digits = 0;
  for (let scaled = step; digits < 8 && Math.abs(scaled - Math.round(scaled)) > 1e-6 * Math.max(scaled, 1e-3); digits++) scaled *= 10;
  return digits;
}

export function dateText(time: number): string {
  return isoFromDay(dayNumber(micros(time)));
}

/** The date alone when every time of the run stands at one hour of the day, else to the minute. */
export function timeText(time: number, daily: boolean): string {
  return daily ? dateText(time) : isoFromMicros(micros(time)).slice(0, 16).replace('T', ' ');
}
