import { describe, expect, it } from 'vitest';
import { lots } from '../../base/units.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { meanReversion100 } from '../../strategies/mean-reversion/mean-reversion-1.0.0.ts';
import { pairs100 } from '../../strategies/pairs/pairs-1.0.0.ts';
import { dailyBars, dailyBarsArePresent, type DailyBar } from './daily-bars.ts';
import { runOnDesk } from './desk-run.ts';
import { swingingBars, tiedBars } from './generated-bars.ts';
import { obviousMeanReversion } from './obvious-mean-reversion.ts';
import type { ObviousInput, ObviousRun } from './obvious-money.ts';
import { obviousPairs } from './obvious-pairs.ts';

const capital = 1_000_000;
const terms = { capital: BigInt(capital) * 1_000_000n, feeBps: 10n };

function expectSame(desk: Awaited<ReturnType<typeof runOnDesk>>, obvious: ObviousRun): void {
  expect(desk.denials).toEqual([]);
  expect(desk.trades).toEqual(obvious.trades);
  expect(desk.equity).toEqual(obvious.equity);
}

function flat(date: string, price: number): DailyBar {
  return { date, open: price, high: price, low: price, close: price, volume: 1_000_000 };
}

describe('the whole desk on bars', () => {
  it('settles the fills of a close before anybody sees its bars, then shows them by instrument id, then calls the group', async () => {
    const heard: string[] = [];
    const probe = defineStrategy({
      name: 'probe',
      version: '1.0.0',
      parameters: {},
      create: () => ({
        onBar: (context, bar) => void heard.push(`bar ${context.listing(bar.listing).instrumentID} at ${bar.close}`),
        onFill: (context, fill) => {
          heard.push(`fill ${fill.lastPx}`);
          context.place({ listing: fill.listing, side: 'sell', ordType: 'limit', orderQty: fill.lastQty, price: fill.lastPx });
        },
        onOrder: (_context, update) => {
          if (update.ordStatus !== 'new') heard.push(update.ordStatus);
        },
        group: (context) => {
          heard.push(`group with ${context.orders().length} orders and ${context.position(0)} lots`);
          if (context.position(0) === 0 && context.orders().length === 0)
            context.place({ listing: 0, side: 'buy', ordType: 'market', orderQty: lots(10) });
          for (const order of context.orders()) if (order.ordType === 'limit') context.cancel(order.tag);
        },
      }),
    });
    const inputs: ObviousInput[] = ['C', 'A', 'B'].map((id, n) => ({
      id,
      bars: [1, 2].map((day) => flat(`2020-01-0${day}`, 1_000_000 * (n + day))),
    }));
    await runOnDesk(probe, inputs, capital);
    expect(heard).toEqual([
      'bar A at 2000000',
      'bar B at 3000000',
      'bar C at 1000000',
      'group with 0 orders and 0 lots',
      'fill 2000000',
      'filled',
      'bar A at 3000000',
      'bar B at 4000000',
      'bar C at 2000000',
      'group with 1 orders and 10 lots',
      'pendingCancel',
      'canceled',
    ]);
  });

  it('runs the strategies as the obvious backtest does, and twice to the same journal', async () => {
    for (let seed = 0; seed < 4; seed++) {
      const swinging = swingingBars(`desk/${seed}`, 6, 250);
      const first = await runOnDesk(meanReversion100, swinging, capital);
      expectSame(first, obviousMeanReversion(swinging, terms));
      expect((await runOnDesk(meanReversion100, swinging, capital)).root).toBe(first.root);
      const tied = tiedBars(`desk/${seed}`, 400);
      expectSame(await runOnDesk(pairs100, tied, capital), obviousPairs(tied[0], tied[1], terms));
    }
  });
});

describe.runIf(dailyBarsArePresent())('the whole desk on daily bars of the S&P 500', () => {
  it('gives the reference runs trade by trade', async () => {
    const inputsOf = (ids: readonly string[], from: string, to: string) => ids.map((id) => ({ id, bars: dailyBars(id, from, to) }));
    const five = inputsOf(['KO', 'PEP', 'XOM', 'CVX', 'JPM'], '2005-01-01', '2015-12-31');
    expectSame(await runOnDesk(meanReversion100, five, capital), obviousMeanReversion(five, terms));
    const [first, second] = inputsOf(['KO', 'PEP'], '2000-01-03', '2020-12-31');
    expectSame(await runOnDesk(pairs100, [first, second], capital), obviousPairs(first, second, terms));
  });
});
