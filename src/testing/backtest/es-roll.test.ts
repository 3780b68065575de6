import { expect, test } from 'vitest';
import { lots, type Micros } from '../../base/units.ts';
import type { RawBars } from '../../domain/bar-columns.ts';
import { calendarOf } from '../../feeds/calendars/calendar.ts';
import { indexFutureExpiry } from '../../feeds/futures/index-future.ts';
import { calendarRolls, frontAt, type Roll } from '../../feeds/futures/roll-schedule.ts';
import { continuousBars } from '../../feeds/futures/continuous.ts';
import { parseLeanPath } from '../../feeds/lean/lean-file.ts';
import { readContracts } from '../../feeds/lean/lean-futures.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { recordedPath } from '../recorded-files.ts';
import { runWithInputs, tickBar, type FillBooked } from './input-desk.ts';

const lean = recordedPath('lean');
const ticksPerPoint = 4;
/** Cents that one tick of one contract is worth: 0.25 points of 50 dollars. */
const centsPerTick = 1_250;
const contractsHeld = 2;
const names = ['ES-201312', 'ES-201403'] as const;

/** Holds so many contracts of the front month from the first bar on, and closes one and opens the other at the bar after a roll. */
function holderOf(rolls: readonly Roll[]): StrategyDefinition {
  return defineStrategy({
    name: 'holder',
    version: '1.0.0',
    parameters: {},
    create: () => ({
      group: (context, at: Micros) => {
        if (context.orders().length > 0) return;
        const front = frontAt(rolls, at);
        for (const [ix, name] of names.entries()) {
          const missing = (name === front ? contractsHeld : 0) - context.position(ix);
          if (missing === 0) continue;
          const side = missing > 0 ? 'buy' : 'sell';
          context.place({ listing: ix, side, ordType: 'market', orderQty: lots(Math.abs(missing)), reason: 'roll' });
        }
      },
    }),
  });
}

function readDay(date: string): RawBars[] {
  const file = parseLeanPath(`future/cme/minute/es/${date}_trade.zip`);
  if (file === undefined) throw new Error(date);
  const { contracts } = readContracts([{ root: `${lean ?? ''}/`, file }]);
  return contracts.filter((bars) => names.some((name) => name === bars.instrumentID));
}

function instrumentOf(name: string) {
  const [year, month] = [Number(name.slice(3, 7)), Number(name.slice(7))];
  const instrument = {
    instrumentID: name,
    assetClass: 'future',
    currency: 'USD',
    underlying: 'ES',
    expiry: indexFutureExpiry(year, month),
    baseUnit: '1',
  } as const;
  const listing = {
    listingID: `${name}.SIM`,
    instrumentID: name,
    venueID: 'SIM',
    symbol: name,
    priceUnit: '0.25',
    tickTable: [],
    lot: '1',
    multiplier: '50',
    calendar: 'ALWAYS',
  };
  return { instrument, listing };
}

async function holdThroughRoll(feePerLot: number) {
  const contracts = readDay('20131218');
  const rolls = calendarRolls(names, calendarOf('XCME'), 1);
  const bars = contracts
    .flatMap((one) => {
      const listing = names.findIndex((name) => name === one.instrumentID);
      return Array.from(one.time, (time, i) =>
        tickBar(listing, time, one.interval, [one.open[i], one.high[i], one.low[i], one.close[i]], one.volume[i], ticksPerPoint),
      );
    })
    .sort((a, b) => a.eventTime - b.eventTime || a.listing - b.listing);
  const instruments = names.map(instrumentOf);
  const run = await runWithInputs({ definition: holderOf(rolls), instruments, bars, inputs: [], exponent: 2, feePerLot });
  return { contracts, rolls, run };
}

/** Ticks that a leg made: quantity times exit less entry. */
function legTicks(fills: readonly FillBooked[], listing: number): number {
  return fills
    .filter((fill) => fill.listing === listing)
    .reduce((sum, fill) => sum + (fill.side === 'buy' ? -1 : 1) * fill.lastQty * fill.lastPx, 0);
}

test('a holder who rolls closes the old contract and opens the new one, and the ledger’s PnL is the sum of both legs, to the cent', async (context) => {
  if (lean === undefined) return context.skip('the recorded files are absent');
  const { contracts, rolls, run } = await holdThroughRoll(0);
  expect(run.alerts).toEqual([]);
  expect(run.fills.map(({ listing, side, lastQty, position }) => `${names[listing]} ${side} ${lastQty} -> ${position}`)).toEqual([
    // the first minute of that Wednesday traded one contract
    'ES-201312 buy 1 -> 1',
    'ES-201312 buy 1 -> 2',
    'ES-201312 sell 2 -> 0',
    'ES-201403 buy 2 -> 2',
  ]);
  const [march] = contracts.filter((bars) => bars.instrumentID === 'ES-201403');
  const lastClose = march.close[march.count - 1] * ticksPerPoint;
  const cents = (legTicks(run.fills, 0) + legTicks(run.fills, 1) + contractsHeld * lastClose) * centsPerTick;
  expect(run.pnl.at(-1)?.value).toBe(BigInt(cents));
  expect(cents).not.toBe(0);
  // nothing but the moves of what was held changed the equity: no jump at the roll
  const rolled = run.pnl.findIndex(({ at }) => at > rolls[0].at);
  const jumps = run.pnl
    .slice(rolled - 5, rolled + 10)
    .map(({ value }, i, all) => (i === 0 ? 0 : Number(value - all[i - 1].value) / centsPerTick));
  expect(Math.max(...jumps.map(Math.abs))).toBeLessThan(contractsHeld * 10);
});

test('the back-adjusted series makes what the holder makes, but for the prices at which the roll was really filled', async (context) => {
  if (lean === undefined) return context.skip('the recorded files are absent');
  const { contracts, rolls, run } = await holdThroughRoll(0);
  const series = continuousBars(contracts, rolls, 'ES', 'back');
  if (series === undefined) throw new Error('no series');
  const [splice] = series.splices;
  const [first, rest, exit, second] = run.fills;
  const end = series.bars.close[series.bars.count - 1] * ticksPerPoint;
  const onSeries = contractsHeld * (end - splice.gap * ticksPerPoint) - first.lastPx - rest.lastPx;
  const paid = contractsHeld * (second.lastPx - exit.lastPx - splice.gap * ticksPerPoint);
  expect(run.pnl.at(-1)?.value).toBe(BigInt((onSeries - paid) * centsPerTick));
});

test('fees of all four sides of a roll are in the sum', async (context) => {
  if (lean === undefined) return context.skip('the recorded files are absent');
  const [free, charged] = [await holdThroughRoll(0), await holdThroughRoll(225)];
  const [without, withFees] = [free.run.pnl.at(-1)?.value ?? 0n, charged.run.pnl.at(-1)?.value ?? 0n];
  expect(without - withFees).toBe(BigInt(3 * contractsHeld * 225));
});
