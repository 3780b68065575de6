import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../testing/quant/golden.ts';
import { rollingSharpe } from './rolling-sharpe.ts';
import { sharpeRatio } from './sharpe.ts';

const { returns, empyrical } = golden<{ readonly returns: readonly number[]; readonly empyrical: { readonly sharpe: number } }>(
  'performance',
);

describe('rolling Sharpe ratio', () => {
  it('over the whole record is the ratio that empyrical-reloaded 0.7.1 computes', () => {
    const rolling = rollingSharpe(returns, returns.length, 252);
    expect(rolling.length).toBe(1);
    expectClose(rolling[0].sharpe, empyrical.sharpe, 'Sharpe');
  });
  it('of each window is the ratio of its returns alone', () => {
    const rolling = rollingSharpe(returns, 20, 252);
    expect(rolling.length).toBe(returns.length - 19);
    for (const { at, sharpe } of rolling)
      expectClose(sharpe, sharpeRatio(returns.slice(at - 19, at + 1), 252) ?? null, `window to ${at}`, 1e-12);
  });
  it('has the standard error that the moments of the window give (Mertens 2002)', () => {
    // two values in equal number: skew 0 and kurtosis 1, so the variance of the estimate is 1 / (n - 1) whatever the ratio is
    const window = [0.01, 0.01, 0.01, -0.005, -0.005, -0.005];
    const [{ deviation }] = rollingSharpe(window, 6, 1);
    expectClose(deviation, Math.sqrt(1 / 5), 'deviation');
  });
  it('says nothing of a window without variation', () => {
    expect(rollingSharpe([0, 0, 0, 0.01], 3, 252).map(({ at }) => at)).toEqual([3]);
  });
  it('refuses a window of one', () => expect(() => rollingSharpe([1, 2], 1, 252)).toThrow('expected window to be a whole number from 2'));
});
