import { expect, it } from 'vitest';
import { lots, micros } from '../../base/units.ts';
import type { BacktestRequest, BarSet } from '../../ports/backtest.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { createRunBacktest } from './run-backtest.ts';

const day = 86_400_000_000;
const hour = 3_600_000_000;
const days = 12;
const column = (value: number): Float64Array => new Float64Array(days).fill(value);
const closes = Float64Array.from({ length: days }, (_, n) => (20_000 + n) * day + 21 * hour);
const set: BarSet = {
  series: [
    {
      instrumentID: 'A',
      closeTime: closes,
      ...{
        open: column(100_000_000),
        high: column(100_000_000),
        low: column(100_000_000),
        close: column(100_000_000),
        volume: column(1e6),
      },
    },
  ],
  dataHash: 'd',
  currency: 'USD',
  priceUnit: '0.000001',
  periodsPerYear: 252,
};

/** Hours after its close at which each day's timers are due; on some of the days it also trades. */
const timers: readonly (readonly number[])[] = [[], [], [3], [], [0, 24], [], [5, 23], [], [], [30], [], []];
const trades = new Set([3, 6]);

it('is called at the time of each timer, whether or not anything else is due between the closes', () => {
  const heard: string[] = [];
  const definition = defineStrategy({
    name: 'timed',
    version: '1.0.0',
    parameters: {},
    create: () => ({
      group: (context, at) => {
        const n = closes.indexOf(at);
        heard.push(`close ${n}`);
        for (const hours of timers[n]) context.setTimer(`${n}+${hours}`, micros(at + hours * hour));
        if (trades.has(n)) context.place({ listing: 0, side: 'buy', ordType: 'market', orderQty: lots(1) });
      },
      onFill: ({ now }) => heard.push(`fill at ${closes.indexOf(now)}`),
      onTimer: ({ now }, name) => heard.push(`${name} at ${(now - closes[0]) / hour}`),
    }),
  });
  const costs = { fees: { kind: 'bps', rate: 0 }, slippage: { kind: 'none' }, maxParticipationBps: 1_000 } as const;
  const request: BacktestRequest = {
    strategy: 'timed',
    definition,
    parameters: {},
    bars: set,
    capital: '1000',
    costs,
    seed: 1,
    keep: 'equity',
  };
  const run = createRunBacktest('c'.repeat(64));
  run(request);
  const expected: string[] = [];
  const due: { readonly name: string; readonly at: number }[] = [];
  for (let n = 0; n < days; n++) {
    const passed = (until: number, also: boolean): void => {
      due.sort((a, b) => a.at - b.at);
      while (due.length > 0 && (due[0].at < until || (also && due[0].at === until))) {
        const { name, at } = due.shift() ?? { name: '', at: 0 };
        expected.push(`${name} at ${at}`);
      }
    };
    passed(n * 24, false);
    if (trades.has(n - 1)) expected.push(`fill at ${n}`);
    expected.push(`close ${n}`);
    for (const hours of timers[n]) due.push({ name: `${n}+${hours}`, at: n * 24 + hours });
    passed(n * 24, true);
  }
  expect(heard).toEqual(expected);
  // a core that was put back has forgotten what was due
  for (const again of [1, 2]) {
    heard.length = 0;
    run(request);
    expect(heard, `run ${again}`).toEqual(expected);
  }
});
