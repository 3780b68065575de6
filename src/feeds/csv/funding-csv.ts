import { parseDecimal } from '../../base/decimal.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { parseIso } from '../../base/time.ts';

/** What holders of a perpetual paid at one time. */
export interface FundingRate {
  /** UTC microseconds. */
  readonly at: number;
  /** Of what is held, in 10^-8: positive, longs pay shorts. */
  readonly rate: number;
}

/** By instrument, rising by time. */
export type FundingRates = ReadonlyMap<string, readonly FundingRate[]>;

const header = 'instrumentID,time,rate';
/** Places of a rate; venues state eight. */
export const fundingPlaces = 8;
/** A tenth of what is held, more than any venue lets a payment be. */
const largestRate = 100_000_000 / 10;
/** Rows of one file: thirty years of three payments a day for a thousand perpetuals. */
const maxRows = 33_000_000;

/**
 * Rates of perpetuals from a CSV of the columns `instrumentID,time,rate`: time in ISO 8601 with its zone, rate a decimal fraction of at most eight places (0.0001 =
 * one basis point; positive, longs pay shorts). Rows of one instrument rise by time; instruments may be mixed. Nothing of a file with a fault is used.
 * @returns the file, the row and what was expected there
 */
export function parseFunding(text: string, file: string): Result<FundingRates, string> {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines[0] !== header) return err(`${file}, row 1: expected ${header}, was ${lines[0] ?? 'nothing'}`);
  if (lines.length > maxRows) return err(`${file}: expected at most ${maxRows} rows, was ${lines.length}`);
  const rates = new Map<string, FundingRate[]>();
  for (let n = 1; n < lines.length; n++) {
    const fault = takeRow(lines[n], rates);
    if (fault !== '') return err(`${file}, row ${n + 1}: ${fault}`);
  }
  return ok(rates);
}

function takeRow(line: string, rates: Map<string, FundingRate[]>): string {
  const [instrumentID, time, rate, ...more] = line.split(',');
  if (rate === undefined || more.length > 0 || instrumentID === '') return `expected ${header}, was ${line}`;
  const at = parseIso(time);
  // a bare date would be some midnight, but of whose day
  if (!at.ok || !time.includes('T')) return `time: expected ISO 8601 with its zone, such as 2024-08-08T08:00:00Z, was ${time}`;
  const parsed = parseDecimal(rate, fundingPlaces);
  if (!parsed.ok || Math.abs(parsed.value) > largestRate)
    return `rate: expected a decimal fraction of -0.1…0.1 with at most ${fundingPlaces} places, was ${rate}`;
  const own = rates.get(instrumentID) ?? [];
  rates.set(instrumentID, own);
  if (own.length > 0 && !(at.value > own[own.length - 1].at)) return `time: expected one after the last of ${instrumentID}, was ${time}`;
  own.push({ at: at.value, rate: parsed.value });
  return '';
}
