import { describe, expect, it } from 'vitest';
import { fromBigInt, splitZero } from '../../base/split.ts';
import { dayFromCivil, isoFromDay } from '../../base/time.ts';
import { lots, micros } from '../../base/units.ts';
import type { BarColumns } from '../../domain/bar-columns.ts';
import type { CorporateEvent } from '../../domain/corporate-event.ts';
import type { Input } from '../../domain/input.ts';
import { corporateActionOf } from '../../feeds/corporate/corporate-event.ts';
import { adjustBars } from '../../feeds/csv/adjust.ts';
import { sliceBars } from '../../feeds/csv/bar-slice.ts';
import { readLeanHistory } from '../../feeds/lean/lean-history.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { recordedPath } from '../recorded-files.ts';
import { adjustedListing, barOf } from './bar-desk.ts';
import { runWithInputs, type InputDeskRun } from './input-desk.ts';

const lean = recordedPath('lean');
const shares = 1_000;
const zone = 'America/New_York';

/** Buys so many shares at the second bar's open and never sells. */
const holder = defineStrategy({
  name: 'holder',
  version: '1.0.0',
  parameters: { shares: { type: 'integer', default: shares, min: 1, max: 1_000_000, unit: 'shares', meaning: 'bought at the start' } },
  create: (parameters) => ({
    onBar: (context, bar) => {
      if (context.position(bar.listing) === 0 && context.orders().length === 0)
        context.place({ listing: bar.listing, side: 'buy', ordType: 'market', orderQty: lots(parameters.shares), reason: 'hold' });
    },
  }),
});

interface Held {
  readonly run: InputDeskRun;
  readonly bars: BarColumns;
  /** Value of the shares bought, micro-dollars: what the PnL is measured against. */
  readonly cost: bigint;
}

/** Holds a security from one date to another on the desk: raw prices with its events as inputs, or adjusted prices without. */
async function hold(
  symbol: string,
  from: number,
  to: number,
  adjust: 'none' | 'split' | 'total',
  quiet: readonly string[] = [],
): Promise<Held> {
  const { bars: raw, events } = readLeanHistory(lean ?? '', symbol);
  if (raw === undefined) throw new Error('set aside');
  const bars = sliceBars(adjustBars(raw, adjust), from, to);
  const { instrumentID } = bars;
  const inputs = adjust === 'none' ? inputsOf(events, from, to, quiet) : [];
  const run = await runWithInputs({
    definition: holder,
    instruments: [
      {
        instrument: { instrumentID, assetClass: 'equity', currency: 'USD', baseUnit: '1' },
        listing: { ...adjustedListing(instrumentID), calendar: 'ALWAYS' },
      },
    ],
    bars: Array.from(bars.time, (time, i) =>
      barOf(0, micros(time), [bars.open[i], bars.high[i], bars.low[i], bars.close[i]], bars.volume[i]),
    ),
    inputs,
    exponent: 6,
    feePerLot: 0,
  });
  const [bought] = run.fills;
  return { run, bars, cost: BigInt(bought.lastQty) * BigInt(bought.lastPx) };
}

/** Splits as corporate actions, dividends as cash for the shares held on the day before, each at the local midnight of its date. */
function inputsOf(events: readonly CorporateEvent[], from: number, to: number, quiet: readonly string[]) {
  let held = shares;
  return events
    .filter((event) => event.day > from + 5 && event.day <= to && !quiet.includes(event.kind))
    .flatMap((event) => {
      const action = corporateActionOf(event, 0, zone);
      const all: { at: typeof action.exDate; input: (row: number) => Input }[] = [{ at: action.exDate, input: () => action }];
      if (event.kind === 'dividend') {
        const money = splitZero();
        fromBigInt(money, BigInt(held) * BigInt(action.numerator));
        const { hi, lo } = money;
        const reference = action.text;
        all.push({
          at: action.exDate,
          input: (row) => ({ kind: 'cashFlow', flow: 'dividend', account: 0, row, instrument: 0, currency: 0, hi, lo, reference }),
        });
      }
      if (event.kind === 'split') held = Math.floor((held * event.numerator) / event.denominator);
      return all;
    });
}

/** Equity as a share of what was paid, by date, from the day of the purchase on. */
function growth({ run, bars, cost }: Held): Map<string, number> {
  return new Map(run.pnl.flatMap(({ value }, i) => (i < 2 ? [] : [[isoFromDay(bars.day[i]), 1 + Number(value) / Number(cost)] as const])));
}

function largestDifference(a: Map<string, number>, b: Map<string, number>): number {
  let most = 0;
  for (const [date, value] of a) most = Math.max(most, Math.abs(value / (b.get(date) ?? NaN) - 1));
  return most;
}

describe.runIf(lean !== undefined)('a holder on the desk', () => {
  const split = [dayFromCivil(2014, 5, 20), dayFromCivil(2014, 7, 31)] as const;

  it('has seven times the shares after the split of AAPL of June 2014, and no jump in equity', async () => {
    const raw = await hold('aapl', ...split, 'none');
    const adjusted = await hold('aapl', ...split, 'split');
    expect(raw.run.alerts).toEqual([]);
    const [onRaw, onAdjusted] = [growth(raw), growth(adjusted)];
    expect(onRaw.size).toBe(49);
    expect(largestDifference(onRaw, onAdjusted)).toBeLessThan(1e-6);
    // 645.57 to 93.70 is 655.90 for the seven: 1.6 % up, not 85 % down
    expect((onRaw.get('2014-06-09') ?? NaN) / (onRaw.get('2014-06-06') ?? NaN)).toBeCloseTo((93.7 * 7) / 645.57, 3);
  });

  it('without the split’s input the equity falls by six sevenths: the test can fail', async () => {
    const missed = growth(await hold('aapl', ...split, 'none', ['split']));
    expect((missed.get('2014-06-09') ?? NaN) / (missed.get('2014-06-06') ?? NaN)).toBeLessThan(0.2);
  });

  it('is paid the dividend of AAPL of August 2012 in cash on its ex-date, as total-adjusted prices have it', async () => {
    const days = [dayFromCivil(2012, 7, 23), dayFromCivil(2012, 9, 28)] as const;
    const [raw, total] = [await hold('aapl', ...days, 'none'), await hold('aapl', ...days, 'total')];
    const [onRaw, onTotal] = [growth(raw), growth(total)];
    // the cash does not ride with the price afterwards, which is the whole difference: 0.43 % of a move of 13 %
    expect(largestDifference(onRaw, onTotal)).toBeLessThan(0.0006);
    const missed = growth(await hold('aapl', ...days, 'none', ['dividend']));
    const onDay = (of: Map<string, number>) => (of.get('2012-08-09') ?? NaN) / (of.get('2012-08-08') ?? NaN);
    expect(onDay(onRaw) - onDay(missed)).toBeCloseTo(2.65 / 619.86, 4);
    expect(raw.run.alerts).toEqual([]);
  });

  it('keeps its shares when GOOG becomes GOOGL, with no jump in equity', async () => {
    const days = [dayFromCivil(2014, 3, 3), dayFromCivil(2014, 5, 30)] as const;
    const [raw, total] = [await hold('googl', ...days, 'none'), await hold('googl', ...days, 'total')];
    const [onRaw, onTotal] = [growth(raw), growth(total)];
    expect(Math.abs((onRaw.get('2014-04-03') ?? NaN) / (onRaw.get('2014-04-02') ?? NaN) - 1)).toBeLessThan(0.05);
    expect(largestDifference(onRaw, onTotal)).toBeLessThan(1e-3);
  });
});
