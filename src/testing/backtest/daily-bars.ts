import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { projectRoot } from '../tidy/tree.ts';

/** A daily bar in plain numbers: prices in whole 1e-6 currency units, volume in whole (adjusted) units. */
export interface DailyBar {
  /** `2005-01-03` */
  readonly date: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export type Adjust = 'none' | 'split' | 'total';

const folder = join(projectRoot, '../shared/data/sp500/daily');
const columns = 'timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient';

/**
 * Whether the recorded S&P 500 bars are there; says so once when they are not. In CI their absence is a failure.
 * @throws Error in CI when they are absent.
 */
export function dailyBarsArePresent(): boolean {
  if (existsSync(folder)) return true;
  if (process.env.CI === 'true') throw new Error('expected the daily bars in ../shared/data/sp500/daily, were absent');
  console.log('skipped: the daily bars of ../shared/data/sp500/daily are absent');
  return false;
}

/** Every name that has a file, by code unit. */
export function namesWithDailyBars(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.csv.gz'))
    .map((file) => file.slice(0, -'.csv.gz'.length))
    .sort();
}

/** The bars of one name with from <= date <= to. The factors of the adjustment come from the whole file. */
export function dailyBars(name: string, from: string, to: string, adjust: Adjust = 'total'): DailyBar[] {
  const [head, ...lines] = gunzipSync(readFileSync(join(folder, `${name}.csv.gz`)))
    .toString('latin1')
    .trim()
    .split(/\r?\n/);
  if (head !== columns) throw new Error(`${name}: expected the columns ${columns}, was ${head}`);
  const rows = lines.map((line) => line.split(',')).sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const bars: DailyBar[] = [];
  let laterSplits = 1;
  for (const [date, open, high, low, close, adjusted, volume, , split] of rows.reverse()) {
    const factor = adjust === 'total' ? Number(adjusted) / Number(close) : 1;
    const price = (raw: string): number => halfEven((adjust === 'split' ? Number(raw) / laterSplits : Number(raw) * factor) * 1e6);
    const units = adjust === 'none' ? Number(volume) : Number(volume) * laterSplits;
    bars.push({ date, open: price(open), high: price(high), low: price(low), close: price(close), volume: halfEven(units) });
    laterSplits *= Number(split);
  }
  return bars.reverse().filter((bar) => bar.date >= from && bar.date <= to);
}

/** To the nearest whole number, ties to the even one; for numbers from 0 on. */
export function halfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
