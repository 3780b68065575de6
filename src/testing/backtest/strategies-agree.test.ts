import { describe, expect, it } from 'vitest';
import { meanReversion100 } from '../../strategies/mean-reversion/mean-reversion-1.0.0.ts';
import { pairs100 } from '../../strategies/pairs/pairs-1.0.0.ts';
import { dailyBars, dailyBarsArePresent, namesWithDailyBars } from './daily-bars.ts';
import { obviousMeanReversion } from './obvious-mean-reversion.ts';
import type { ObviousInput, ObviousRun } from './obvious-money.ts';
import { obviousPairs } from './obvious-pairs.ts';
import { runOnBars } from './strategy-runs.ts';

const capital = 1_000_000;
const terms = { capital: BigInt(capital) * 1_000_000n, feeBps: 10n };

function inputsOf(ids: readonly string[], from: string, to: string): ObviousInput[] {
  return ids.map((id) => ({ id, bars: dailyBars(id, from, to) }));
}

function expectSameRun(engine: ReturnType<typeof runOnBars>, obvious: ObviousRun): void {
  expect(engine.refusals).toEqual([]);
  expect(engine.trades.length).toBe(obvious.trades.length);
  engine.trades.forEach((trade, n) => expect(trade, `trade ${n}`).toEqual(obvious.trades[n]));
  engine.equity.forEach((point, n) => expect(point, `date ${n}`).toEqual(obvious.equity[n]));
}

describe.runIf(dailyBarsArePresent())('the strategies on the bar venue', () => {
  it('trade mean reversion on 129 names and 21 years as the obvious implementation does, trade by trade', () => {
    const names = namesWithDailyBars();
    const inputs = inputsOf(names, '2000-01-03', '2020-12-31');
    const obvious = obviousMeanReversion(inputs, terms);
    expectSameRun(runOnBars(meanReversion100, inputs, capital), obvious);
    console.log(`${names.length} names, ${obvious.trades.length} trades, ${obvious.equity.length} dates`);
    expect(obvious.trades.length).toBeGreaterThan(3_000);
  });

  it.each([
    ['KO', 'PEP'],
    ['V', 'MA'],
    ['HD', 'LOW'],
    ['XOM', 'CVX'],
  ])('trade the pair %s/%s as the obvious implementation does, leg by leg', (first, second) => {
    const inputs = inputsOf([first, second], '2000-01-03', '2020-12-31');
    const obvious = obviousPairs(inputs[0], inputs[1], terms);
    expectSameRun(runOnBars(pairs100, inputs, capital), obvious);
    expect(obvious.trades.length).toBeGreaterThan(3);
  });
});
