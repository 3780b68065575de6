import { describe, expect, it } from 'vitest';
import { dailyBars, dailyBarsArePresent } from './daily-bars.ts';
import { decimalOf, goldenPath, goldenText } from './golden-run.ts';
import type { GoldenTerms } from './golden-run.ts';
import { obviousMeanReversion } from './obvious-mean-reversion.ts';
import { metricsOf } from './obvious-money.ts';
import type { ObviousInput, ObviousRun } from './obvious-money.ts';
import { obviousPairs } from './obvious-pairs.ts';

const common = { capital: '1000000', feeBps: 10, slippageBps: 0, adjust: 'total' } as const;
const meanReversion: GoldenTerms = {
  strategy: 'mean-reversion',
  instruments: ['KO', 'PEP', 'XOM', 'CVX', 'JPM'],
  from: '2005-01-01',
  to: '2015-12-31',
  ...common,
};
const pairs: GoldenTerms = { strategy: 'pairs', instruments: ['KO', 'PEP'], from: '2000-01-03', to: '2020-12-31', ...common };

function run(terms: GoldenTerms): ObviousRun {
  const money = { capital: BigInt(terms.capital) * 1_000_000n, feeBps: BigInt(terms.feeBps) };
  const inputs = terms.instruments.map((id): ObviousInput => ({ id, bars: dailyBars(id, terms.from, terms.to) }));
  return terms.strategy === 'pairs' ? obviousPairs(inputs[0], inputs[1], money) : obviousMeanReversion(inputs, money);
}

function figures(result: ObviousRun) {
  const { sharpe, maxDrawdown, winRate, exits } = metricsOf(result);
  const finalEquity = decimalOf(result.equity[result.equity.length - 1].value);
  return {
    trades: result.trades.length,
    finalEquity,
    sharpe: sharpe?.toFixed(4),
    drawdown: maxDrawdown.toFixed(4),
    winRate: winRate?.toFixed(4),
    exits,
  };
}

describe.runIf(dailyBarsArePresent())('the obvious backtest', () => {
  it('gives the mean reversion row of the reference table to the last digit, and the golden trades', async () => {
    const result = run(meanReversion);
    expect(figures(result)).toEqual({
      trades: 77,
      finalEquity: '1056256.310364',
      sharpe: '0.3974',
      drawdown: '0.0318',
      winRate: '0.4805',
      exits: { time: 42, stop: 34, band: 1 },
    });
    await expect(goldenText(meanReversion, result)).toMatchFileSnapshot(goldenPath(meanReversion));
  });

  it('gives the pairs row of the reference table to the last digit, and the golden trades', async () => {
    const result = run(pairs);
    expect(figures(result)).toEqual({
      trades: 4,
      finalEquity: '1000770.300367',
      sharpe: '0.1188',
      drawdown: '0.0008',
      winRate: '0.2500',
      exits: { mean: 2, stop: 2 },
    });
    await expect(goldenText(pairs, result)).toMatchFileSnapshot(goldenPath(pairs));
  });
});
