import { describe, expect, it } from 'vitest';
import { halfEven } from './daily-bars.ts';
import { ObviousBook, divideHalfEven } from './obvious-money.ts';

const terms = { capital: 1_000_000_000_000n, feeBps: 10n };

describe('the obvious book', () => {
  it('rounds ties to the even neighbor', () => {
    expect([0.5, 1.5, 2.5, 2.4, 2.6].map(halfEven)).toEqual([0, 2, 2, 2, 3]);
    expect([5n, 15n, 25n, 24n, 26n].map((n) => divideHalfEven(n, 10n))).toEqual([0n, 2n, 2n, 2n, 3n]);
  });

  it('splits the fee of an entry over its exits cumulatively, so that the shares add up', () => {
    const book = new ObviousBook(terms);
    book.fill('A', 'buy', 3, 3_350_000_000, 'd1', 'entry'); // fee 10.05
    book.fill('A', 'sell', 1, 3_350_000_000, 'd2', 'time'); // fee 3.35 each
    book.fill('A', 'sell', 1, 3_350_000_000, 'd3', 'time');
    book.fill('A', 'sell', 1, 3_350_000_000, 'd4', 'time');
    expect(book.trades.map((trade) => trade.fees)).toEqual([6_700_000n, 6_700_000n, 6_700_000n]);
    expect(book.cash).toBe(terms.capital - 20_100_000n);
  });

  it('matches the oldest entry first and gives shorts the opposite sign', () => {
    const book = new ObviousBook(terms);
    book.fill('A', 'sell', 10, 100_000_000, 'd1', 'entry');
    book.fill('A', 'sell', 10, 110_000_000, 'd2', 'entry');
    book.fill('A', 'buy', 15, 90_000_000, 'd3', 'stop');
    expect(book.trades.map(({ side, qty, entryPx, pnl }) => [side, qty, entryPx, pnl])).toEqual([
      ['short', 10, 100_000_000, 98_100_000n],
      ['short', 5, 110_000_000, 99_000_000n],
    ]);
    expect(book.position('A')).toBe(-5);
  });
});
