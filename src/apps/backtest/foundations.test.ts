import { describe, expect, it } from 'vitest';
import { micros } from '../../base/units.ts';
import { createCore } from '../../core/core.ts';
import { stateHash } from '../../core/engine.ts';
import type { BacktestRequest, BarSet } from '../../ports/backtest.ts';
import { CountJournal } from '../../runtime/count-journal.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { closeOf } from '../../testing/backtest/desk-run.ts';
import { swingingBars, tiedBars } from '../../testing/backtest/generated-bars.ts';
import type { ObviousInput } from '../../testing/backtest/obvious-money.ts';
import { graphDifference } from '../../testing/snapshot/graph-difference.ts';
import { coreSizeOf } from './core-size.ts';
import { Foundations, type FoundedCore, type FoundingTerms } from './foundations.ts';
import { resultJson } from './result-text.ts';
import { createRunBacktest, runOn } from './run-backtest.ts';

function setOf(inputs: readonly ObviousInput[]): BarSet {
  const series = inputs.map(({ id, bars }) => ({
    instrumentID: id,
    closeTime: Float64Array.from(bars, (bar) => closeOf(bar.date)),
    open: Float64Array.from(bars, (bar) => bar.open),
    high: Float64Array.from(bars, (bar) => bar.high),
    low: Float64Array.from(bars, (bar) => bar.low),
    close: Float64Array.from(bars, (bar) => bar.close),
    volume: Float64Array.from(bars, (bar) => bar.volume),
  }));
  return { series, dataHash: 'd', currency: 'USD', priceUnit: '0.000001', periodsPerYear: 252 };
}

const swinging = setOf(swingingBars('foundations', 4, 260));
const tied = setOf(tiedBars('foundations', 260));

function request(more: Partial<BacktestRequest>): BacktestRequest {
  const costs = { fees: { kind: 'bps', rate: 100_000 }, slippage: { kind: 'none' }, maxParticipationBps: 1_000 } as const;
  return { strategy: 'moving-average', parameters: {}, bars: swinging, capital: '1000000', costs, seed: 1, keep: 'everything', ...more };
}

/** Hears of every core that is founded, and of every one that is taken again. */
class WatchedFoundations extends Foundations {
  taken = 0;
  readonly cores: FoundedCore[] = [];

  override take(terms: FoundingTerms): FoundedCore | undefined {
    const found = super.take(terms);
    if (found !== undefined) this.taken++;
    return found;
  }

  override founded(terms: FoundingTerms, founded: FoundedCore): void {
    super.founded(terms, founded);
    this.cores.push(founded);
  }
}

/** Terms of many runs that change from one to the next in every way, some of which cannot be run. */
function manyRequests(): BacktestRequest[] {
  const limits = [{ scope: 'version', scopeID: 'moving-average@main.USD/1.0.0', limit: 'maxDailyLoss', value: 500_000_000 }] as const;
  const { closeTime } = swinging.series[0];
  const from = micros(closeTime[40]);
  const each = [2, 3, 5, 8, 13, 21].map((fast) => ({ parameters: { fast, slow: 2 * fast + 3 } }));
  return [
    ...each,
    { parameters: { fast: 9, slow: 3 } },
    ...each,
    ...each.map((one) => ({ ...one, limits })),
    ...each.map((one) => ({ ...one, from })),
    ...each.map((one) => ({ ...one, seed: 2, capital: '50000' })),
    ...[1, 3, 5, 7].map((maxBars) => ({ strategy: 'mean-reversion', parameters: { maxBars } })),
    ...[1, 2, 3].map((seed) => ({ strategy: 'pairs', bars: tied, seed: Math.min(seed, 2) })),
    ...each,
  ].map(request);
}

const answer = (run: () => string): string => {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
};

describe('runs that follow each other on one core', () => {
  it('give the same bytes as each on a core of its own', () => {
    const foundations = new WatchedFoundations();
    const asked = manyRequests();
    let refused = 0;
    for (const [n, one] of asked.entries()) {
      const options = { coreDigest: 'c', marks: 'needed', workers: 0 } as const;
      const alone = answer(() => resultJson(runOn(one, { ...options, journal: new CountJournal() }).result));
      const together = answer(() => resultJson(runOn(one, { ...options, journal: new CountJournal(), foundations }).result));
      expect(together, `run ${n}`).toBe(alone);
      if (alone.startsWith('moving-average')) refused++;
    }
    console.log(`${asked.length} runs, ${foundations.taken} on a core of before, ${refused} refused`);
    expect(foundations.taken).toBeGreaterThan(20);
    expect(refused).toBe(1);
  });

  it('begin on a core in which nothing is left of the run before', () => {
    const foundations = new WatchedFoundations();
    const options = { coreDigest: 'c', marks: 'needed', workers: 0, foundations } as const;
    const run = (one: BacktestRequest): void => void runOn(one, { ...options, journal: new CountJournal() });
    const terms: FoundingTerms[] = [];
    const take = foundations.take.bind(foundations);
    foundations.take = (asked) => {
      terms.push(asked);
      return take(asked);
    };
    run(request({ parameters: { fast: 2, slow: 5 } }));
    // the first core has gone on; one more that was founded on the same terms is looked at before it does
    let fresh = '';
    const founded = foundations.founded.bind(foundations);
    foundations.founded = (asked, one) => {
      founded(asked, one);
      fresh = stateHash(one.core);
    };
    run(request({ parameters: { fast: 3, slow: 7 } }));
    for (const fast of [4, 6]) run(request({ parameters: { fast, slow: 20 } }));
    const back = take(terms[0]);
    if (back === undefined) throw new Error('expected the core to be kept');
    expect(stateHash(back.core)).toBe(fresh);
    expect(back.core.orders.pool.orders.length).toBe(0);
    expect(graphDifference(createCore(1, coreSizeOf(4)).orders, back.core.orders)).toBe('');
  });

  it('are none of the business of a strategy that runs a backtest of its own', () => {
    const run = createRunBacktest('c');
    const inner: string[] = [];
    const nested = defineStrategy({
      name: 'nested',
      version: '1.0.0',
      parameters: { n: { type: 'integer', default: 1, min: 1, max: 9, unit: '', meaning: '' } },
      create: () => ({
        onBar: (_context, { feedSeq }) => {
          if (feedSeq === 100) inner.push(resultJson(run(request({ definition: nested2, strategy: 'nested2' }))));
        },
      }),
    });
    const nested2 = defineStrategy({ name: 'nested2', version: '1.0.0', parameters: {}, create: () => ({}) });
    const outer = [1, 2, 3, 4].map((n) => resultJson(run(request({ definition: nested, strategy: 'nested', parameters: { n } }))));
    expect(inner.length).toBe(16);
    expect(new Set(inner).size).toBe(1);
    expect(outer.length).toBe(4);
  });
});
