import { describe, expect, it } from 'vitest';
import { meanReversion100 } from '../../strategies/mean-reversion/mean-reversion-1.0.0.ts';
import { pairs100 } from '../../strategies/pairs/pairs-1.0.0.ts';
import { swingingBars, tiedBars } from './generated-bars.ts';
import { obviousMeanReversion } from './obvious-mean-reversion.ts';
import { metricsOf, type ObviousRun } from './obvious-money.ts';
import { obviousPairs } from './obvious-pairs.ts';
import { runOnBars } from './strategy-runs.ts';

const capital = 1_000_000;
const terms = { capital: BigInt(capital) * 1_000_000n, feeBps: 10n };

interface Seen {
  trades: number;
  pieces: number;
  readonly exits: Record<string, number>;
}

function count(seen: Seen, run: ObviousRun): void {
  seen.trades += run.trades.length;
  const entries = new Set(run.trades.map((trade) => `${trade.instrumentID} ${trade.entryDate}`));
  seen.pieces += run.trades.length - entries.size;
  for (const [reason, n] of Object.entries(metricsOf(run).exits)) seen.exits[reason] = (seen.exits[reason] ?? 0) + n;
}

function expectSame(engine: ReturnType<typeof runOnBars>, obvious: ObviousRun, what: string): void {
  expect(engine.refusals, what).toEqual([]);
  expect(engine.trades, what).toEqual(obvious.trades);
  expect(engine.equity, what).toEqual(obvious.equity);
}

describe('the strategies on generated bars with gaps and thin days', () => {
  it('trade mean reversion as the obvious implementation does, also when instances hand over on the way', () => {
    const seen: Seen = { trades: 0, pieces: 0, exits: {} };
    for (let seed = 0; seed < 30; seed++) {
      const inputs = swingingBars(`swinging/${seed}`, 8, 300);
      const obvious = obviousMeanReversion(inputs, terms);
      expectSame(runOnBars(meanReversion100, inputs, capital), obvious, `seed ${seed}`);
      expectSame(runOnBars(meanReversion100, inputs, capital, 1 + (seed % 7)), obvious, `seed ${seed} with hand-overs`);
      count(seen, obvious);
    }
    console.log(`mean reversion: 30 seeds, ${seen.trades} trades, ${seen.pieces} of them further pieces`, seen.exits);
    expect(seen.trades).toBeGreaterThan(100);
    expect(seen.pieces).toBeGreaterThan(15);
    expect(Object.keys(seen.exits).sort()).toEqual(['band', 'stop', 'time']);
  });

  it('trade pairs as the obvious implementation does, also when instances hand over on the way', () => {
    const seen: Seen = { trades: 0, pieces: 0, exits: {} };
    for (let seed = 0; seed < 16; seed++) {
      const [first, second] = tiedBars(`tied/${seed}`, 700);
      const obvious = obviousPairs(first, second, terms);
      expectSame(runOnBars(pairs100, [first, second], capital), obvious, `seed ${seed}`);
      expectSame(runOnBars(pairs100, [first, second], capital, 1 + (seed % 7)), obvious, `seed ${seed} with hand-overs`);
      count(seen, obvious);
    }
    console.log(`pairs: 16 seeds, ${seen.trades} legs, ${seen.pieces} of them further pieces`, seen.exits);
    expect(seen.trades).toBeGreaterThan(100);
    expect(Object.keys(seen.exits).sort()).toEqual(['mean', 'stop', 'time', 'unwind']);
  });
});
